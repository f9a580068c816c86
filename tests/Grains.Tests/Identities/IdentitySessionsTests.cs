using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Identities;

namespace Hype.Grains.Tests.Identities;

public sealed class IdentitySessionsTests
{
    private static readonly ChannelId Lobby = ChannelId.Parse("lobby");

    private IdentitySessions _sessions = null!;

    [SetUp]
    public void SetUp() => _sessions = new IdentitySessions();

    [Test]
    public void Who_is_replaced_may_go_after_the_newer_one_has_come()
    {
        var (elder, newer) = (SessionId.New(), SessionId.New());
        _sessions.Add(Lobby, elder);
        _sessions.Add(Lobby, newer);
        _sessions.Remove(Lobby, elder);
        Assert.That(_sessions.All, Is.EqualTo(new[] { (Lobby, newer) }));
    }

    [Test]
    public void A_session_that_is_said_again_is_there_once()
    {
        var session = SessionId.New();
        _sessions.Add(Lobby, session);
        _sessions.Add(Lobby, session);
        _sessions.Remove(Lobby, session);
        Assert.That(_sessions.IsEmpty, Is.True);
    }

    [Test]
    public void A_channel_that_dies_again_and_again_fills_no_memory()
    {
        for (var i = 0; i < 100; i++)
            _sessions.Add(Lobby, SessionId.New());
        var newest = SessionId.New();
        _sessions.Add(Lobby, newest);
        Assert.That(_sessions.All.Count(), Is.EqualTo(2));
        Assert.That(_sessions.All, Does.Contain((Lobby, newest)));
    }

    [Test]
    public void Those_that_are_taken_are_gone()
    {
        _sessions.Add(Lobby, SessionId.New());
        Assert.That(_sessions.Take(), Has.Length.EqualTo(1));
        Assert.That(_sessions.IsEmpty, Is.True);
    }
}
