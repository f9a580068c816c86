using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Members;
using Hype.Grains.Tests.Testing;
using Hype.Testing.Waiting;
using Orleans.Core.Internal;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Tests the orders of moderators in a real silo: mutes, denied grants and bans belong to the identity in the channel.
/// </summary>
public sealed class ChannelGrainModerationTests() : ChannelFixture(("Hype:Channels:ResumeWindow", "00:00:00.2"))
{
    private const Grants TokenGrants = Grants.Join | Grants.Speak | Grants.Listen;

    private string Other => $"{Id.Value}-2";

    [Test]
    public async Task Mute_survives_leave_and_join()
    {
        await MutedAsync("eve");
        await LeaveAsync("eve");
        Assert.That(OwnOf(await Join("eve")).ServerMuted);
        Assert.That(OwnOf(await Join("ada")).ServerMuted, Is.False);
    }

    [Test]
    public async Task Mute_survives_the_end_of_the_resume_window()
    {
        await Join("ada");
        var eve = await MutedAsync("eve");
        await Channel.Detach(eve.Session, "g1");
        await Gateway.Receives<RosterChanged>(change => change.Left.Contains(new ParticipantLeft(eve.Number, LeaveReason.TimedOut)));
        Assert.That(OwnOf(await Join("eve")).ServerMuted);
    }

    [Test]
    public async Task Mute_of_an_absent_identity_survives_a_restart_of_the_grain()
    {
        await MutedAsync("eve");
        await LeaveAsync("eve");
        await RestartAsync();
        Assert.That(OwnOf(await Join("eve")).ServerMuted);
    }

    [Test]
    public async Task Second_session_of_an_identity_replaces_the_first_and_inherits_the_server_mute()
    {
        var first = await Join("ada");
        Assert.That((await Channel.SetServerMute(first.Number, true)).Error, Is.EqualTo(VoiceError.None));
        var second = await Join("ada");

        await Gateway.Receives<SessionEnded>(ended => ended == new SessionEnded(first.Session, LeaveReason.Replaced));
        var only = second.Snapshot!.Participants.Single();
        Assert.That((only.Session, only.Number, only.ServerMuted), Is.EqualTo((second.Session, second.Number, true)));
    }

    [Test]
    public async Task Ban_ends_the_session_and_refuses_joins_until_the_ban_is_lifted()
    {
        var eve = await Join("eve");
        await Channel.SetBan(new Ban("eve", "noise", null));

        await Gateway.Receives<SessionEnded>(ended => ended == new SessionEnded(eve.Session, LeaveReason.Banned));
        Assert.That((await Join("eve")).Error, Is.EqualTo(VoiceError.Banned));
        Assert.That((await Channel.LiftBan("eve")).Error, Is.EqualTo(VoiceError.None));
        Assert.That((await Channel.LiftBan("eve")).Error, Is.EqualTo(VoiceError.UnknownBan));
        Assert.That((await Join("eve")).Error, Is.EqualTo(VoiceError.None));
    }

    [Test]
    public async Task Lifted_mute_does_not_return_with_the_next_join()
    {
        var eve = await MutedAsync("eve");
        Assert.That((await Channel.SetServerMute(eve.Number, false)).Error, Is.EqualTo(VoiceError.None));
        await LeaveAsync("eve");
        Assert.That(OwnOf(await Join("eve")).ServerMuted, Is.False);
    }

    [Test]
    public async Task Reduced_grants_survive_leave_and_join_until_a_moderator_returns_them()
    {
        var eve = await Join("eve");
        Assert.That((await Channel.SetGrants(eve.Number, Grants.Join | Grants.Listen)).Error, Is.EqualTo(VoiceError.None));
        await LeaveAsync("eve");
        await RestartAsync();
        eve = await Join("eve");
        Assert.That(OwnOf(eve).Grants, Is.EqualTo(Grants.Join | Grants.Listen));

        Assert.That((await Channel.SetGrants(eve.Number, TokenGrants)).Error, Is.EqualTo(VoiceError.None));
        await LeaveAsync("eve");
        Assert.That(OwnOf(await Join("eve")).Grants, Is.EqualTo(TokenGrants));
    }

    [Test]
    public async Task Grants_without_join_do_not_keep_the_identity_out()
    {
        var eve = await Join("eve");
        Assert.That((await Channel.SetGrants(eve.Number, Grants.Listen)).Error, Is.EqualTo(VoiceError.None));
        await LeaveAsync("eve");
        var again = await Join("eve");
        Assert.That(again.Error, Is.EqualTo(VoiceError.None), "a ban does");
        Assert.That(OwnOf(again).Grants, Is.EqualTo(Grants.Join | Grants.Listen));
    }

    [Test]
    public async Task Restriction_of_an_absent_identity_is_listed_and_lifted()
    {
        var eve = await MutedAsync("eve");
        await Channel.SetGrants(eve.Number, Grants.Join | Grants.Listen);
        await LeaveAsync("eve");
        await RestartAsync();
        Assert.That(await Channel.GetRestrictions(), Is.EqualTo(new[]
        {
            new RestrictedIdentity("eve", new Restriction { ServerMuted = true, Denied = Grants.Speak }),
        }));

        Assert.That(await Channel.LiftRestriction("eve"), Is.EqualTo(ModerationResult.Stored));
        Assert.That((await Channel.LiftRestriction("eve")).Error, Is.EqualTo(VoiceError.UnknownRestriction));
        await RestartAsync();
        Assert.That(await Channel.GetRestrictions(), Is.Empty);
        var again = OwnOf(await Join("eve"));
        Assert.That((again.ServerMuted, again.Grants), Is.EqualTo((false, TokenGrants)));
    }

    [Test]
    public async Task Lift_of_the_restriction_of_a_member_ends_its_mute_and_returns_its_grants()
    {
        var eve = await MutedAsync("eve");
        await Channel.SetGrants(eve.Number, Grants.Join | Grants.Listen);
        Assert.That(await Channel.LiftRestriction("eve"), Is.EqualTo(ModerationResult.Stored));
        var present = (await Channel.GetSnapshot()).Participants.Single();
        Assert.That((present.ServerMuted, present.Grants), Is.EqualTo((false, TokenGrants)));
        Assert.That((await Channel.LiftRestriction("ada")).Error, Is.EqualTo(VoiceError.UnknownRestriction));
    }

    [Test]
    public async Task Lift_of_a_restriction_returns_no_grant_that_the_present_token_of_the_member_lacks()
    {
        var eve = await Join("eve");
        await Channel.SetGrants(eve.Number, Grants.Join | Grants.Listen);
        await LeaveAsync("eve");
        await JoinWith("eve", Grants.Join | Grants.Listen);
        Assert.That(await Channel.LiftRestriction("eve"), Is.EqualTo(ModerationResult.Stored));
        Assert.That((await Channel.GetSnapshot()).Participants.Single().Grants, Is.EqualTo(Grants.Join | Grants.Listen));

        await LeaveAsync("eve");
        Assert.That(OwnOf(await Join("eve")).Grants, Is.EqualTo(TokenGrants), "a larger token has them");
    }

    [Test]
    public async Task Lift_of_a_restriction_does_not_return_a_grant_beyond_the_token_that_was_taken_back()
    {
        var eve = await Join("eve");
        await Channel.SetGrants(eve.Number, TokenGrants | Grants.Moderate);
        await Channel.SetGrants(eve.Number, Grants.Join | Grants.Listen);
        await Channel.LiftRestriction("eve");
        Assert.That((await Channel.GetSnapshot()).Participants.Single().Grants, Is.EqualTo(TokenGrants));
    }

    [Test]
    public async Task Lift_of_a_restriction_after_a_move_returns_the_grants_of_the_token()
    {
        var eve = await Join("eve");
        await Channel.SetGrants(eve.Number, Grants.Join | Grants.Listen);
        Assert.That(await Channel.Move(eve.Number, ChannelId.Parse(Other)), Is.EqualTo(VoiceError.None));
        Assert.That(await Silo.Channel(Other).LiftRestriction("eve"), Is.EqualTo(ModerationResult.Stored));
        Assert.That((await Silo.Channel(Other).GetSnapshot()).Participants.Single().Grants, Is.EqualTo(TokenGrants));
    }

    [Test]
    public async Task Ban_beyond_the_capacity_of_the_channel_is_refused_and_the_identity_stays()
    {
        await Task.WhenAll(Enumerable.Range(0, Bans.Capacity).Select(number => Channel.SetBan(new Ban($"person-{number}", "", null))));
        await Join("eve");
        Assert.That((await Channel.SetBan(new Ban("eve", "noise", null))).Error, Is.EqualTo(VoiceError.TooManyBans));
        Assert.That((await Channel.GetSnapshot()).Participants.Single().Identity, Is.EqualTo("eve"));
        Assert.That((await Channel.SetBan(new Ban("person-7", "again", null))).Error, Is.EqualTo(VoiceError.None));
        await Channel.LiftBan("person-7");
        Assert.That((await Channel.SetBan(new Ban("eve", "noise", null))).Error, Is.EqualTo(VoiceError.None));
    }

    [Test]
    public async Task Grant_beyond_the_token_ends_with_the_session()
    {
        var ada = await Join("ada");
        await Channel.SetGrants(ada.Number, TokenGrants | Grants.Moderate);
        await LeaveAsync("ada");
        Assert.That(OwnOf(await Join("ada")).Grants, Is.EqualTo(TokenGrants));
    }

    [Test]
    public async Task Mute_and_reduced_grants_follow_a_move_and_survive_a_rejoin_there()
    {
        var eve = await MutedAsync("eve");
        await Channel.SetGrants(eve.Number, Grants.Join | Grants.Speak);
        Assert.That(await Channel.Move(eve.Number, ChannelId.Parse(Other)), Is.EqualTo(VoiceError.None));
        var seat = (await Gateway.Receives<SessionTransferred>(transferred => transferred.Session == eve.Session)).Seat;
        Assert.That((OwnOf(seat).ServerMuted, OwnOf(seat).Grants), Is.EqualTo((true, Grants.Join | Grants.Speak)));

        await Silo.Channel(Other).Leave(seat.Session, LeaveReason.Left);
        var again = OwnOf(await Silo.Join(Other, "eve", Gateway));
        Assert.That((again.ServerMuted, again.Grants), Is.EqualTo((true, Grants.Join | Grants.Speak)));
        Assert.That(OwnOf(await Join("eve")).ServerMuted, "it still holds where it was set");
    }

    [Test]
    public async Task Mute_during_a_move_refuses_the_move_and_leaves_no_seat_in_the_other_channel()
    {
        var eve = await Join("eve");
        var admitted = Silo.Calls.HoldAnswer(nameof(IChannelGrain.Join), Other);
        var moving = Channel.Move(eve.Number, ChannelId.Parse(Other));
        await admitted.Came;
        await Channel.SetServerMute(eve.Number, true);
        admitted.LetIn();
        Assert.That(await moving, Is.EqualTo(VoiceError.Unavailable));
        Assert.That(OwnOf(await Join("eve")).ServerMuted);
        await Poll.UntilAsync(async () => (await Silo.Channel(Other).GetSnapshot()).Participants.Length == 0);
    }

    [Test]
    public async Task Closed_and_forgotten_channel_has_no_restrictions()
    {
        await MutedAsync("eve");
        Assert.That(await Channel.Close(forget: true), Is.EqualTo(VoiceError.None));
        Assert.That(OwnOf(await Join("eve")).ServerMuted, Is.False);
    }

    private Task<JoinResult> JoinWith(string identity, Grants grants) =>
        Channel.Join(new JoinRequest { Identity = identity, Name = identity, Grants = grants, Gateway = GatewayRef });

    private static Participant OwnOf(JoinResult seat) =>
        seat.Snapshot!.Participants.Single(participant => participant.Session == seat.Session);

    private async Task<JoinResult> MutedAsync(string identity)
    {
        var seat = await Join(identity);
        Assert.That((await Channel.SetServerMute(seat.Number, true)).Error, Is.EqualTo(VoiceError.None));
        return seat;
    }

    private async Task LeaveAsync(string identity)
    {
        var participants = (await Channel.GetSnapshot()).Participants;
        await Channel.Leave(participants.Single(participant => participant.Identity == identity).Session, LeaveReason.Left);
    }

    /// <summary>Deactivates the channel's grain, so that the next call starts it from its stored state.</summary>
    private async Task RestartAsync()
    {
        var incarnation = (await Channel.GetSnapshot()).Incarnation;
        await Channel.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Poll.UntilAsync(async () => (await Channel.GetSnapshot()).Incarnation != incarnation);
    }
}
