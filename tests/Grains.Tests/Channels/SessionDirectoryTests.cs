using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Members;
using Hype.Grains.Tests.Channels.Members;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SessionDirectoryTests
{
    private readonly RecordedGrains _grains = new();
    private readonly List<SessionId> _revoked = [];
    private readonly Member _ada = new Roster().Add("ada");
    private readonly GatewayRef _gateway = new("g1", MachineBench.Local, null!);
    private readonly SessionDirectory _sessions;

    public SessionDirectoryTests() => _sessions = new SessionDirectory(
        MachineBench.Channel, _grains.Factory, new BackgroundWork(MachineBench.Channel, NullLogger.Instance), _revoked.Add);

    [Test]
    public void Attached_session_is_registered_at_the_mailbox_grain_and_the_identity_grain()
    {
        _sessions.Attach([_ada], _gateway);
        Assert.That(
            _grains.Calls,
            Is.EqualTo(new[] { $"ISessionMailboxGrain({_ada.Session.Value}).Attach", "IIdentityGrain(ada).Enter" }));
        Assert.That(_revoked, Is.Empty);
    }

    [Test]
    public void Session_with_a_revoked_token_ends_at_its_next_registration()
    {
        _grains.Answers["Enter"] = VoiceError.Revoked;
        _sessions.Renew(_ada);
        Assert.That(_revoked, Is.EqualTo(new[] { _ada.Session }));
    }

    [Test]
    public void Ended_session_is_unregistered_at_the_mailbox_grain_and_the_identity_grain()
    {
        _sessions.End(_ada.Session, "ada");
        Assert.That(_grains.Calls, Is.EqualTo(new[] { $"ISessionMailboxGrain({_ada.Session.Value}).End", "IIdentityGrain(ada).Left" }));
    }

    [Test]
    public async Task Move_of_a_server_muted_member_mutes_the_new_session_before_the_old_session_ends()
    {
        _grains.Answers["Join"] = new JoinResult { Session = SessionId.New(), Number = new(5) };
        var muted = _ada with { Participant = _ada.Participant with { ServerMuted = true } };
        var error = await _sessions.MoveAsync(muted, _gateway, ChannelId.Parse("other"), _ =>
        {
            _grains.Calls.Add("transfer");
            return VoiceError.None;
        });
        Assert.That(error, Is.EqualTo(VoiceError.None));
        Assert.That(_grains.Calls, Is.EqualTo(new[] { "IChannelGrain(other).Join", "IChannelGrain(other).SetServerMute", "transfer" }));
    }

    [Test]
    public async Task Leave_during_a_move_to_another_channel_also_ends_the_new_session()
    {
        _grains.Answers["Join"] = new JoinResult { Session = SessionId.New(), Number = new(5) };
        var error = await _sessions.MoveAsync(_ada, _gateway, ChannelId.Parse("other"), _ => VoiceError.UnknownParticipant);
        Assert.That(error, Is.EqualTo(VoiceError.UnknownParticipant));
        Assert.That(_grains.Calls, Is.EqualTo(new[] { "IChannelGrain(other).Join", "IChannelGrain(other).Leave" }));
    }
}
