using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Identities;

/// <summary>Revocation, in a real silo: what it refuses, whom it ends, and how long it is kept.</summary>
public sealed class IdentityGrainTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private TemporaryFolder _folder = null!;
    private SiloInProcess _silo = null!;
    private RecordingGateway _gateway = null!;

    [SetUp]
    public async Task StartSilo()
    {
        _folder = new TemporaryFolder();
        _silo = await SiloInProcess.Start(_folder.Database);
        _gateway = new RecordingGateway("g1");
    }

    [TearDown]
    public async Task StopSilo()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    private IIdentityGrain Mallory => _silo.Grains.GetGrain<IIdentityGrain>("mallory");

    [Test]
    public async Task A_revocation_ends_the_sessions_in_all_channels()
    {
        var first = await JoinAsync("one", "mallory", DateTimeOffset.UtcNow);
        var second = await JoinAsync("two", "mallory", DateTimeOffset.UtcNow);
        var other = await JoinAsync("two", "ada", DateTimeOffset.UtcNow);

        Assert.That(await Mallory.Revoke(Lifetime), Is.EqualTo(VoiceError.None));
        await _gateway.Hears<SessionEnded>(ended => ended == new SessionEnded(first.Session, LeaveReason.Revoked));
        await _gateway.Hears<SessionEnded>(ended => ended == new SessionEnded(second.Session, LeaveReason.Revoked));
        Assert.That((await _silo.Channel("two").GetSnapshot()).Participants.Select(participant => participant.Session), Is.EqualTo(new[] { other.Session }));
        Assert.That((await _silo.Channel("one").Resume(new ResumeRequest(first.ResumeToken, _gateway.In(_silo.Grains)))).Error, Is.EqualTo(VoiceError.SessionExpired));
    }

    [Test]
    public async Task Tokens_from_before_are_refused_and_later_ones_are_not()
    {
        var before = DateTimeOffset.UtcNow;
        await Mallory.Revoke(Lifetime);

        Assert.That((await JoinAsync("lobby", "mallory", before)).Error, Is.EqualTo(VoiceError.Revoked));
        Assert.That((await JoinAsync("lobby", "mallory", default)).Error, Is.EqualTo(VoiceError.Revoked), "a token that does not say when it was issued counts as old");
        Assert.That(await Mallory.Accept(before), Is.Null);
        var later = DateTimeOffset.UtcNow;
        Assert.That((await JoinAsync("lobby", "mallory", later)).Error, Is.EqualTo(VoiceError.None));
        Assert.That(await Mallory.Accept(later), Is.GreaterThanOrEqualTo(later));
    }

    [Test]
    public async Task A_join_that_was_let_in_while_the_revocation_was_made_takes_no_seat()
    {
        // The identity has said yes, and its answer is on its way: the channel hears of the revocation first.
        var answer = _silo.Calls.HoldAnswer(nameof(IIdentityGrain.Enter), "mallory");
        var joining = JoinAsync("lobby", "mallory", DateTimeOffset.UtcNow);
        await answer.Came;
        await Mallory.Revoke(Lifetime);
        answer.LetIn();

        Assert.That((await joining).Error, Is.EqualTo(VoiceError.Revoked));
        Assert.That((await _silo.Channel("lobby").GetSnapshot()).Participants, Is.Empty);
    }

    [Test]
    public async Task A_session_that_a_revocation_missed_ends_when_a_gateway_attaches()
    {
        var joined = await JoinAsync("lobby", "mallory", DateTimeOffset.UtcNow);
        // As after the death of its silo: it knows the session no more.
        await Mallory.Left(ChannelId.Parse("lobby"), joined.Session);
        await Mallory.Revoke(Lifetime);
        Assert.That((await _silo.Channel("lobby").GetSnapshot()).Participants, Is.Not.Empty);

        await _silo.Channel("lobby").Attach(_gateway.In(_silo.Grains), [joined.Session]);
        await _gateway.Hears<SessionEnded>(ended => ended == new SessionEnded(joined.Session, LeaveReason.Revoked));
    }

    [Test]
    public async Task Who_has_left_is_not_ended_again()
    {
        var left = await JoinAsync("lobby", "mallory", DateTimeOffset.UtcNow);
        await _silo.Channel("lobby").Leave(left.Session, LeaveReason.Left);
        await _gateway.Hears<RosterChanged>(change => change.Left.Contains(new ParticipantLeft(left.Number, LeaveReason.Left)));
        await Mallory.Revoke(Lifetime);
        Assert.That((await _silo.Channel("lobby").GetSnapshot()).Participants, Is.Empty);
    }

    [TestCase("a", "#a", Description = "a name that reads as a number is stored behind a sign, which a name may begin with")]
    [TestCase("a", "A")]
    [TestCase("a", "0a")]
    [TestCase("12/34", "12")]
    public async Task A_revocation_is_nobody_elses(string identity, string other)
    {
        var before = DateTimeOffset.UtcNow;
        Assert.That(await _silo.Grains.GetGrain<IIdentityGrain>(identity).Revoke(Lifetime), Is.EqualTo(VoiceError.None));
        await RestartAsync();
        Assert.That(await _silo.Grains.GetGrain<IIdentityGrain>(other).Accept(before), Is.Not.Null);
        Assert.That(await _silo.Grains.GetGrain<IIdentityGrain>(identity).Accept(before), Is.Null);
    }

    [Test]
    public async Task Several_at_once_are_all_stored()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Mallory.Revoke(Lifetime)));
        Assert.That(answers, Is.All.EqualTo(VoiceError.None));
    }

    [Test]
    public async Task A_revocation_outlives_its_silo()
    {
        var before = DateTimeOffset.UtcNow;
        await Mallory.Revoke(Lifetime);
        await RestartAsync();
        Assert.That(await Mallory.Accept(before), Is.Null);
    }

    [Test]
    public async Task A_revocation_is_forgotten_when_no_token_can_be_that_old()
    {
        var before = DateTimeOffset.UtcNow;
        // Tokens that lived no longer than until a minute ago.
        await Mallory.Revoke(TimeSpan.FromMinutes(-1));
        Assert.That(await Mallory.Accept(before), Is.Null, "it counts while it is known");
        await RestartAsync();
        Assert.That(await Mallory.Accept(before), Is.Not.Null);
    }

    private async Task RestartAsync()
    {
        await _silo.DisposeAsync();
        _silo = await SiloInProcess.Start(_folder.Database);
    }

    private Task<JoinResult> JoinAsync(string channel, string identity, DateTimeOffset issuedAt) => _silo.Channel(channel).Join(new JoinRequest
    {
        Identity = identity,
        Name = identity,
        Grants = Grants.Join | Grants.Speak | Grants.Listen,
        Gateway = _gateway.In(_silo.Grains),
        TokenIssuedAt = issuedAt,
    });
}
