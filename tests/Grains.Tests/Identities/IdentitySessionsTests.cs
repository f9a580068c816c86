using Hype.Grains.Identities;

namespace Hype.Grains.Tests.Identities;

public sealed class IdentitySessionsTests
{
    private static readonly ChannelId Lobby = ChannelId.Parse("lobby");

    private IdentitySessions _sessions = null!;

    [SetUp]
    public void SetUp() => _sessions = new IdentitySessions();

    [Test]
    public void Late_removal_of_a_replaced_session_does_not_remove_the_newer_session()
    {
        var (elder, newer) = (SessionId.New(), SessionId.New());
        _sessions.Add(Lobby, elder);
        _sessions.Add(Lobby, newer);
        _sessions.Remove(Lobby, elder);
        Assert.That(_sessions.All, Is.EqualTo(new[] { (Lobby, newer) }));
    }

    [Test]
    public void Session_that_is_added_twice_is_removed_by_one_removal()
    {
        var session = SessionId.New();
        _sessions.Add(Lobby, session);
        _sessions.Add(Lobby, session);
        _sessions.Remove(Lobby, session);
        Assert.That(_sessions.IsEmpty, Is.True);
    }

    [Test]
    public void At_most_the_two_newest_sessions_of_a_channel_are_retained()
    {
        for (var i = 0; i < 100; i++)
            _sessions.Add(Lobby, SessionId.New());
        var newest = SessionId.New();
        _sessions.Add(Lobby, newest);
        Assert.That(_sessions.All.Count(), Is.EqualTo(2));
        Assert.That(_sessions.All, Does.Contain((Lobby, newest)));
    }

    [Test]
    public void Session_that_its_channel_does_not_have_at_two_checks_is_removed()
    {
        var (ended, joining, present) = (SessionId.New(), SessionId.New(), SessionId.New());
        _sessions.Add(Lobby, ended);
        _sessions.Add(ChannelId.Parse("attic"), present);
        _sessions.RemoveMissing([(Lobby, ended)]);
        _sessions.Add(Lobby, joining);
        Assert.That(_sessions.All.Count(), Is.EqualTo(3));
        _sessions.RemoveMissing([(Lobby, ended), (Lobby, joining)]);
        Assert.That(_sessions.All.Select(entry => entry.Session), Is.EquivalentTo(new[] { joining, present }));
    }

    [Test]
    public void Take_returns_all_sessions_and_empties_the_list()
    {
        _sessions.Add(Lobby, SessionId.New());
        Assert.That(_sessions.Take(), Has.Length.EqualTo(1));
        Assert.That(_sessions.IsEmpty, Is.True);
    }
}
