using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Identities;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Identities;

/// <summary>Tests revocation in a real silo: refused tokens, ended sessions and the lifetime of the stored record.</summary>
public sealed class IdentityGrainTests : SiloFixture
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private IIdentityGrain Mallory => Silo.Grains.GetGrain<IIdentityGrain>("mallory");

    [Test]
    public async Task Revocation_ends_the_sessions_of_the_identity_in_all_channels()
    {
        var first = await JoinAsync("one", "mallory", DateTimeOffset.UtcNow);
        var second = await JoinAsync("two", "mallory", DateTimeOffset.UtcNow);
        var other = await JoinAsync("two", "ada", DateTimeOffset.UtcNow);

        var result = await Mallory.Revoke(Lifetime);
        Assert.That((result.Error, result.Sessions), Is.EqualTo((VoiceError.None, 2)));
        await Gateway.Receives<SessionEnded>(ended => ended == new SessionEnded(first.Session, LeaveReason.Revoked));
        await Gateway.Receives<SessionEnded>(ended => ended == new SessionEnded(second.Session, LeaveReason.Revoked));
        Assert.That(
            (await Silo.Channel("two").GetSnapshot()).Participants.Select(participant => participant.Session),
            Is.EqualTo(new[] { other.Session }));
        Assert.That(
            (await Silo.Channel("one").Resume(new ResumeRequest(first.ResumeToken, Gateway.In(Silo.Grains)))).Error,
            Is.EqualTo(VoiceError.SessionExpired));
    }

    [Test]
    public async Task Tokens_issued_before_a_revocation_are_refused_and_tokens_issued_later_are_accepted()
    {
        var before = DateTimeOffset.UtcNow;
        await Mallory.Revoke(Lifetime);

        Assert.That((await JoinAsync("lobby", "mallory", before)).Error, Is.EqualTo(VoiceError.Revoked));
        Assert.That(
            (await JoinAsync("lobby", "mallory", default)).Error,
            Is.EqualTo(VoiceError.Revoked),
            "a token that does not say when it was issued counts as old");
        Assert.That(await Mallory.Accept(before), Is.Null);
        Assert.That(
            await Mallory.Accept(before + (IdentityGrain.ClockSkew / 2)), Is.Null, "issued before it, by a clock that is ahead");
        var later = DateTimeOffset.UtcNow + IdentityGrain.ClockSkew;
        Assert.That((await JoinAsync("lobby", "mallory", later)).Error, Is.EqualTo(VoiceError.None));
        Assert.That(await Mallory.Accept(later), Is.GreaterThanOrEqualTo(later));
    }

    [Test]
    public async Task Join_during_a_revocation_is_refused()
    {
        // The identity has accepted the session, but the channel receives the revocation before that answer.
        var answer = Silo.Calls.HoldAnswer(nameof(IIdentityGrain.Enter), "mallory");
        var joining = JoinAsync("lobby", "mallory", DateTimeOffset.UtcNow);
        await answer.Came;
        await Mallory.Revoke(Lifetime);
        answer.LetIn();

        Assert.That((await joining).Error, Is.EqualTo(VoiceError.Revoked));
        Assert.That((await Silo.Channel("lobby").GetSnapshot()).Participants, Is.Empty);
    }

    [Test]
    public async Task Unregistered_session_with_a_revoked_token_ends_on_the_next_attach_of_the_gateway()
    {
        var joined = await JoinAsync("lobby", "mallory", DateTimeOffset.UtcNow);
        // The identity has lost the session, as after the loss of its silo.
        await Mallory.Left(ChannelId.Parse("lobby"), joined.Session);
        await Mallory.Revoke(Lifetime);
        Assert.That((await Silo.Channel("lobby").GetSnapshot()).Participants, Is.Not.Empty);

        await Silo.Channel("lobby").Attach(Gateway.In(Silo.Grains), [joined.Session]);
        await Gateway.Receives<SessionEnded>(ended => ended == new SessionEnded(joined.Session, LeaveReason.Revoked));
    }

    [Test]
    public async Task Revocation_of_an_identity_after_the_member_has_left_does_not_change_the_channel()
    {
        var left = await JoinAsync("lobby", "mallory", DateTimeOffset.UtcNow);
        await Silo.Channel("lobby").Leave(left.Session, LeaveReason.Left);
        await Gateway.Receives<RosterChanged>(change => change.Left.Contains(new ParticipantLeft(left.Number, LeaveReason.Left)));
        await Mallory.Revoke(Lifetime);
        Assert.That((await Silo.Channel("lobby").GetSnapshot()).Participants, Is.Empty);
    }

    [TestCase("a", "#a", Description = "a name that reads as a number is stored behind a sign, which a name may begin with")]
    [TestCase("a", "A")]
    [TestCase("a", "0a")]
    [TestCase("12/34", "12")]
    public async Task Revocation_of_an_identity_does_not_affect_identities_with_similar_names(string identity, string other)
    {
        var before = DateTimeOffset.UtcNow;
        Assert.That((await Silo.Grains.GetGrain<IIdentityGrain>(identity).Revoke(Lifetime)).Error, Is.EqualTo(VoiceError.None));
        await RestartAsync();
        Assert.That(await Silo.Grains.GetGrain<IIdentityGrain>(other).Accept(before), Is.Not.Null);
        Assert.That(await Silo.Grains.GetGrain<IIdentityGrain>(identity).Accept(before), Is.Null);
    }

    [Test]
    public async Task Concurrent_revocations_all_succeed()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Mallory.Revoke(Lifetime)));
        Assert.That(answers.Select(answer => answer.Error), Is.All.EqualTo(VoiceError.None));
    }

    [Test]
    public async Task Revocation_survives_a_restart_of_the_silo()
    {
        var before = DateTimeOffset.UtcNow;
        await Mallory.Revoke(Lifetime);
        await RestartAsync();
        Assert.That(await Mallory.Accept(before), Is.Null);
    }

    [Test]
    public async Task Revocation_by_a_silo_with_a_late_clock_keeps_the_earlier_one()
    {
        var before = DateTimeOffset.UtcNow;
        await Mallory.Revoke(Lifetime);
        await RestartAsync(new LateTime());
        Assert.That((await Mallory.Revoke(Lifetime)).IsStored, Is.True);
        Assert.That(await Mallory.Accept(before), Is.Null);
    }

    [Test]
    public async Task Revocation_is_cleared_after_all_revoked_tokens_have_expired()
    {
        var before = DateTimeOffset.UtcNow;
        // Tokens that lived no longer than until a minute ago.
        await Mallory.Revoke(TimeSpan.FromMinutes(-2));
        Assert.That(await Mallory.Accept(before), Is.Null, "it counts while it is known");
        await RestartAsync();
        Assert.That(await Mallory.Accept(before), Is.Not.Null);
    }

    private async Task RestartAsync(TimeProvider? time = null)
    {
        await Silo.DisposeAsync();
        Silo = await SiloInProcess.Start(Folder.Database, storage: null, time);
    }

    private Task<JoinResult> JoinAsync(string channel, string identity, DateTimeOffset issuedAt)
    {
        var request = new JoinRequest
        {
            Identity = identity,
            Name = identity,
            Grants = Grants.Join | Grants.Speak | Grants.Listen,
            Gateway = Gateway.In(Silo.Grains),
            TokenIssuedAt = issuedAt,
        };
        return Silo.Channel(channel).Join(request);
    }

    /// <summary>The time of a host whose wall clock is a minute late.</summary>
    private sealed class LateTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - TimeSpan.FromMinutes(1);
    }
}
