using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;

namespace Hype.Grains.Tests.Channels.Members;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MembershipTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly ChannelOptions _options = new();
    private readonly Roster _roster = new();
    private readonly EffectList _effects = new();
    private readonly RecordingEndpoints _endpoints = new();
    private readonly Membership _members;

    public MembershipTests() => _members = new Membership(_options, _roster, _endpoints, _effects);

    [Test]
    public void Admission_without_the_grant_to_join_is_forbidden() =>
        Assert.That(_members.Check(Admission("ada", Grants.Speak), limit: 10, Now), Is.EqualTo(VoiceError.Forbidden));

    [Test]
    public void Admission_to_a_full_channel_is_refused_unless_the_identity_is_already_a_member()
    {
        _members.Admit(Admission("ada"), new(1), Now);
        Assert.That(_members.Check(Admission("bob"), limit: 1, Now), Is.EqualTo(VoiceError.ChannelFull));
        Assert.That(_members.Check(Admission("ada"), limit: 1, Now), Is.EqualTo(VoiceError.None));
    }

    [Test]
    public void Admission_check_first_removes_away_members_with_an_expired_resume_window()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.Detach(ada.Session, "g1", TimeSpan.Zero, Now);
        Assert.That(_members.Check(Admission("bob"), limit: 1, Now + _options.ResumeWindow), Is.EqualTo(VoiceError.None));
        Assert.That(_roster.Count, Is.Zero);
    }

    [Test]
    public void Second_session_of_an_identity_ends_the_first_session_and_inherits_the_server_mute()
    {
        var first = _members.Admit(Admission("ada"), new(1), Now);
        _members.SetServerMute(first.Number, true);
        var second = _members.Admit(Admission("ada"), new(2), Now);
        Assert.That(_roster.Members, Is.EqualTo(new[] { second }));
        Assert.That(second.Participant.ServerMuted);
        Assert.That(_effects.Take(), Does.Contain(new NotifySession("g1", new SessionEnded(first.Session, LeaveReason.Replaced))));
        Assert.That(_endpoints.Removed, Is.EqualTo(new[] { first.Number }));
    }

    [Test]
    public void Second_attempt_of_a_join_returns_the_seat_of_the_first_and_both_resume_tokens_are_valid()
    {
        var first = _members.Admit(Admission("ada"), new(1), Now);
        var again = Admission("ada") with { Session = first.Session, TokenHash = [8], Age = TimeSpan.FromSeconds(2) };
        Assert.That(_members.FindAdmitted(again with { Session = SessionId.New() }, Now), Is.Null);
        _members.LoseGateway("g1", TimeSpan.Zero, Now);
        Assert.That(_members.Check(again, limit: 1, Now), Is.EqualTo(VoiceError.None));
        var seat = _members.FindAdmitted(again, Now)!.Value.Member!;
        Assert.That((seat.Number, seat.Away), Is.EqualTo((first.Number, false)));
        Assert.That(_roster.Members, Is.EqualTo(new[] { seat }));
        Assert.That(seat.MayResumeWith([8]) && seat.MayResumeWith(first.TokenHash));
    }

    [Test]
    public void Second_attempt_of_a_join_is_refused_if_the_session_ends_with_its_failed_endpoint()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _endpoints.OnReturn = member => _members.End(member, LeaveReason.MediaUnavailable);
        var again = Admission("ada") with { Session = ada.Session };
        Assert.That(_members.FindAdmitted(again, Now), Is.EqualTo((VoiceError.Unavailable, (Member?)null)));
    }

    [Test]
    public void Late_attempt_of_an_abandoned_join_does_not_replace_a_session_that_was_admitted_after_its_first_attempt()
    {
        _members.Admit(Admission("ada"), new(1), Now);
        var late = Admission("ada") with { Age = TimeSpan.FromSeconds(3) };
        Assert.That(_members.Check(late, limit: 10, Now + TimeSpan.FromSeconds(2)), Is.EqualTo(VoiceError.Unavailable));
        Assert.That(
            _members.Check(late, limit: 10, Now + TimeSpan.FromSeconds(3)),
            Is.EqualTo(VoiceError.None),
            "the first attempt is newer than the session");
    }

    [TestCase(10)]
    [TestCase(-10)]
    [TestCase(180)]
    [TestCase(-180)]
    public void Join_after_a_move_of_the_channel_is_admitted_whatever_the_clock_of_the_other_silo(int secondsAhead)
    {
        var member = _members.Admit(Admission("ada"), new(1), Now + TimeSpan.FromSeconds(secondsAhead));
        var restored = new Membership(_options, new Roster(0, member.Number, [member]), new RecordingEndpoints(), new EffectList());
        foreach (var age in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(2) })
            Assert.That(restored.Check(Admission("ada") with { Age = age }, limit: 10, Now), Is.EqualTo(VoiceError.None));
    }

    [Test]
    public void Late_attempt_to_detach_a_session_that_has_resumed_at_the_same_gateway_changes_nothing()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.Detach(ada.Session, "g1", TimeSpan.Zero, Now);
        _members.Resume(new Resume(ada.Session, ada.TokenHash, [7], "g1"), Now + TimeSpan.FromSeconds(1));
        _members.Detach(ada.Session, "g1", TimeSpan.FromSeconds(2), Now + TimeSpan.FromSeconds(2));
        Assert.That(_roster.Members.Single().Away, Is.False);
        _members.Detach(ada.Session, "g1", TimeSpan.FromSeconds(1), Now + TimeSpan.FromSeconds(2));
        Assert.That(_roster.Members.Single().Away, Is.True, "the socket of the resumed session was lost");
    }

    [Test]
    public void Restricted_identity_is_muted_from_its_admission() =>
        Assert.That(_members.Admit(Admission("eve") with { ServerMuted = true }, new(1), Now).Participant.ServerMuted);

    [Test]
    public void Member_that_joins_deafened_is_also_muted() =>
        Assert.That(_members.Admit(Admission("ada") with { Deafened = true }, new(1), Now).Participant.Muted);

    [Test]
    public void Resume_reconnects_an_away_member_only_with_the_right_token()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.Detach(ada.Session, "g1", TimeSpan.Zero, Now);
        Assert.That(_roster.Members.Single().Away);
        Assert.That(_members.Resume(new Resume(ada.Session, [9], [7], "g2"), Now).Error, Is.EqualTo(VoiceError.SessionExpired));

        var (error, member) = _members.Resume(new Resume(ada.Session, ada.TokenHash, [7], "g2"), Now);
        Assert.That((error, member!.GatewayId, member.Away), Is.EqualTo((VoiceError.None, "g2", false)));
        Assert.That(_endpoints.Returned, Is.EqualTo(new[] { ada.Number }));
    }

    [Test]
    public void Resume_of_a_session_that_ends_with_its_failed_endpoint_is_refused()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.Detach(ada.Session, "g1", TimeSpan.Zero, Now);
        _endpoints.OnReturn = member => _members.End(member, LeaveReason.MediaUnavailable);
        var (error, member) = _members.Resume(new Resume(ada.Session, ada.TokenHash, [7], "g2"), Now);
        Assert.That((error, member), Is.EqualTo((VoiceError.SessionExpired, (Member?)null)));
    }

    [Test]
    public void Attach_of_a_gateway_marks_members_missing_from_the_attached_sessions_as_away()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        var bob = _members.Admit(Admission("bob"), new(1), Now);
        var unknown = SessionId.New();
        _members.Attach("g1", [bob.Session, unknown], Now);
        Assert.That(_roster.Find(ada.Number)!.Away);
        Assert.That(_roster.Find(bob.Number)!.Away, Is.False);
        Assert.That(_effects.Take(), Does.Contain(new NotifySession("g1", new SessionEnded(unknown, LeaveReason.TimedOut))));
    }

    [Test]
    public void Members_of_a_lost_gateway_time_out_after_the_resume_window()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.LoseGateway("g1", TimeSpan.Zero, Now);
        Assert.That(_members.NextDeadline, Is.EqualTo(Now + _options.ResumeWindow));
        _members.ExpireAway(Now + _options.ResumeWindow);
        Assert.That(_roster.Count, Is.Zero);
        Assert.That(_effects.Take(), Is.EqualTo(
            new ChannelEffect[] { new DetachSession(ada.Session, "g1"), new EndSession(ada.Session, "ada", LeaveReason.TimedOut) }));
    }

    [Test]
    public void Late_report_of_a_lost_gateway_that_has_attached_again_changes_nothing()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.Attach("g1", [ada.Session], Now + TimeSpan.FromSeconds(1));
        _members.LoseGateway("g1", TimeSpan.FromSeconds(2), Now + TimeSpan.FromSeconds(2));
        Assert.That(_roster.Members.Single().Away, Is.False);
        _members.LoseGateway("g1", TimeSpan.FromSeconds(1), Now + TimeSpan.FromSeconds(2));
        Assert.That(_roster.Members.Single().Away, Is.True, "the gateway was lost after it had attached");
    }

    [Test]
    public void Late_report_of_a_lost_gateway_leaves_the_members_that_joined_there_since()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        var bob = _members.Admit(Admission("bob"), new(1), Now + TimeSpan.FromSeconds(1));
        _members.LoseGateway("g1", TimeSpan.FromSeconds(2), Now + TimeSpan.FromSeconds(2.5));
        Assert.That((_roster.Find(ada.Number)!.Away, _roster.Find(bob.Number)!.Away), Is.EqualTo((true, false)));
    }

    [Test]
    public void Client_is_notified_of_a_transfer_to_another_channel_before_the_session_ends()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        var seat = new JoinResult();
        Assert.That(_members.Transfer(ada.Session, ChannelId.Parse("other"), seat), Is.EqualTo(VoiceError.None));
        Assert.That(_members.Transfer(ada.Session, ChannelId.Parse("other"), seat), Is.EqualTo(VoiceError.UnknownParticipant));
        Assert.That(_effects.Take(), Is.EqualTo(new ChannelEffect[]
        {
            new NotifySession("g1", new SessionTransferred(ada.Session, ChannelId.Parse("other"), seat)),
            new EndSession(ada.Session, "ada", LeaveReason.Moved),
        }));
    }

    [Test]
    public void Leave_sends_no_event_to_the_leaving_client()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.Leave(ada.Session, LeaveReason.Left);
        Assert.That(_effects.Take(), Is.EqualTo(new[] { new EndSession(ada.Session, "ada", LeaveReason.Left) }));
    }

    [Test]
    public void Endpoint_is_updated_only_when_the_permissions_of_the_member_change()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.SetState(ada.Session, muted: true, deafened: false);
        _members.SetServerMute(ada.Number, true);
        _members.SetAttributes(ada.Number, ImmutableSortedDictionary<string, string>.Empty.Add("role", "host"));
        Assert.That(_endpoints.Permitted, Is.EqualTo(new[] { ada.Number }), "a member that is muted twice is only muted");
    }

    [Test]
    public void Unchanged_mutes_and_grants_cause_no_effects()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.SetServerMute(ada.Number, false);
        _members.SetGrants(ada.Number, ada.Participant.Grants);
        Assert.That(_effects.Take(), Is.Empty);
        Assert.That(_members.SetGrants(new(99), Grants.None), Is.EqualTo(VoiceError.UnknownParticipant));
    }

    [Test]
    public void Quality_measured_by_the_client_applies_after_the_node_quality_is_cleared()
    {
        var ada = _members.Admit(Admission("ada"), new(1), Now);
        _members.SetClientQuality(ada.Session, ConnectionQuality.Excellent);
        _members.SetNodeQuality(ada.Number, ConnectionQuality.Poor);
        Assert.That(_roster.Find(ada.Number)!.Participant.Quality, Is.EqualTo(ConnectionQuality.Poor));
        _members.ClearNodeQuality();
        Assert.That(_roster.Find(ada.Number)!.Participant.Quality, Is.EqualTo(ConnectionQuality.Excellent));
    }

    private static Admission Admission(string identity, Grants grants = Grants.Join | Grants.Speak | Grants.Listen) =>
        new(SessionId.New(), [1, 2, 3], identity, identity, grants, "g1", MachineBench.Local);

    private sealed class RecordingEndpoints : IMemberEndpoints
    {
        public List<MemberNumber> Returned { get; } = [];

        public List<MemberNumber> Permitted { get; } = [];

        public List<MemberNumber> Removed { get; } = [];

        public Action<Member>? OnReturn { get; set; }

        public void OnClientReturned(Member member, DateTimeOffset now)
        {
            Returned.Add(member.Number);
            OnReturn?.Invoke(member);
        }

        public void UpdatePermissions(Member member) => Permitted.Add(member.Number);

        public void Remove(Member member) => Removed.Add(member.Number);
    }
}
