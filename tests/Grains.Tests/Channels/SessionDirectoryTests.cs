using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Members;
using Hype.Grains.Tests.Channels.Members;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SessionDirectoryTests
{
    private readonly RecordedGrains _grains = new();
    private readonly List<SessionId> _revoked = [];
    private readonly Member _ada = new Roster().Add("ada");
    private readonly GatewayRef _gateway = new("g1", MachineBench.Local, null!);
    private readonly FakeGate _gate = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SessionDirectory _sessions;

    public SessionDirectoryTests() => _sessions = new SessionDirectory(
        MachineBench.Channel,
        incarnation: 1,
        _grains.Factory,
        new BackgroundWork(MachineBench.Channel, NullLogger.Instance),
        _revoked.Add,
        _gate,
        _time,
        gone: default);

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
    public async Task Move_ends_the_session_here_after_the_other_channel_has_admitted_the_member()
    {
        _grains.Answers["Join"] = new JoinResult { Session = SessionId.New(), Number = new(5) };
        var error = await MoveAsync(_ => Transfer(VoiceError.None));
        Assert.That(error, Is.EqualTo(VoiceError.None));
        Assert.That(_grains.Calls, Is.EqualTo(new[] { "IChannelGrain(other).Join", "transfer" }));
    }

    [Test]
    public void Join_request_of_a_move_carries_the_server_mute_and_the_denied_grants()
    {
        var muted = _ada with { Participant = _ada.Participant with { ServerMuted = true } };
        var request = muted.ToJoinRequest(_gateway, new Restriction { Denied = Grants.Speak });
        Assert.That(request.Restriction, Is.EqualTo(new Restriction { ServerMuted = true, Denied = Grants.Speak }));
    }

    [Test]
    public async Task Leave_during_a_move_to_another_channel_also_ends_the_new_session()
    {
        _grains.Answers["Join"] = new JoinResult { Session = SessionId.New(), Number = new(5) };
        Assert.That(await MoveAsync(_ => Transfer(VoiceError.UnknownParticipant)), Is.EqualTo(VoiceError.UnknownParticipant));
        Assert.That(_grains.Calls, Is.EqualTo(new[] { "IChannelGrain(other).Join", "transfer", "IChannelGrain(other).Leave" }));
    }

    [Test]
    public void Move_without_an_answer_of_the_other_channel_ends_the_session_there_until_the_channel_confirms_it()
    {
        _grains.Answers["Join"] = new TimeoutException();
        _grains.Answers["Leave"] = new TimeoutException();
        Assert.That(async () => await MoveAsync(_ => Transfer(VoiceError.None)), Throws.InstanceOf<TimeoutException>());
        Assert.That(_grains.Calls, Is.EqualTo(new[] { "IChannelGrain(other).Join", "IChannelGrain(other).Leave" }));
        _grains.Answers.Remove("Leave");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_grains.Calls.Count(call => call.EndsWith(".Leave", StringComparison.Ordinal)), Is.EqualTo(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_grains.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Second_move_of_a_session_that_is_moving_is_refused()
    {
        _grains.Answers["Join"] = new JoinResult { Session = SessionId.New(), Number = new(5) };
        Task<VoiceError>? second = null;
        var first = await MoveAsync(_ =>
        {
            second = MoveAsync(_ => Transfer(VoiceError.None));
            return VoiceError.None;
        });
        Assert.That((first, await second!), Is.EqualTo((VoiceError.None, VoiceError.Unavailable)));
        Assert.That(_grains.Calls, Is.EqualTo(new[] { "IChannelGrain(other).Join" }));
        Assert.That(await MoveAsync(_ => Transfer(VoiceError.None)), Is.EqualTo(VoiceError.None), "later");
    }

    [Test]
    public async Task Move_during_a_pause_of_the_silo_continues_only_when_the_silo_may_act()
    {
        _grains.Answers["Join"] = new JoinResult { Session = SessionId.New(), Number = new(5) };
        _gate.Close();
        var moving = MoveAsync(_ => Transfer(VoiceError.None));
        await _gate.Waiting;
        Assert.That(_grains.Calls, Is.EqualTo(new[] { "IChannelGrain(other).Join" }));
        _gate.Open();
        Assert.That(await moving, Is.EqualTo(VoiceError.None));
        Assert.That(_grains.Calls, Does.Contain("transfer"));
    }

    [Test]
    public void Move_during_a_pause_of_a_dead_silo_does_not_end_the_session_here()
    {
        _grains.Answers["Join"] = new JoinResult { Session = SessionId.New(), Number = new(5) };
        _gate.Close();
        var moving = MoveAsync(_ => Transfer(VoiceError.None));
        _gate.Lose();
        Assert.That(async () => await moving, Throws.TypeOf<SiloUnavailableException>());
        Assert.That(_grains.Calls, Does.Not.Contain("transfer"));
    }

    [Test]
    public void Join_during_a_pause_of_a_dead_silo_is_not_admitted()
    {
        _gate.Close();
        var entering = _sessions.EnterAsync("ada", _ada.Session, default);
        Assert.That(entering.IsCompleted, Is.False);
        _gate.Lose();
        Assert.That(async () => await entering, Throws.TypeOf<SiloUnavailableException>());
    }

    private Task<VoiceError> MoveAsync(Func<JoinResult, VoiceError> transfer) =>
        _sessions.MoveAsync(_ada, Restriction.None, _gateway, ChannelId.Parse("other"), transfer);

    private VoiceError Transfer(VoiceError result)
    {
        _grains.Calls.Add("transfer");
        return result;
    }
}
