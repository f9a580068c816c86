using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Tests joins that overlap: several attempts of one join, of which some fail, are late or are cancelled, and several members for one
/// seat.
/// </summary>
public sealed class JoinAttemptTests : ChannelFixture
{
    [Test]
    public async Task Late_failure_of_the_first_attempt_of_a_join_does_not_end_the_session_of_the_second_attempt()
    {
        var request = new JoinRequest
        {
            Session = SessionId.New(),
            Identity = "ada",
            Name = "Ada",
            Grants = Grants.Join | Grants.Speak | Grants.Listen,
            Gateway = GatewayRef,
        };
        var attachments = Silo.Calls.HoldEach(nameof(ISessionMailboxGrain.Attach), $"{request.Session}");
        var first = Channel.Join(request);
        var attachment = await attachments.ReadAsync();
        await Channel.Detach(request.Session, "g1");
        var second = Channel.Join(request);
        await Gateway.Receives<RosterChanged>(change => change.Changed.Any(member => !member.Away));

        attachment.SetException(new InvalidOperationException("The mailbox is gone."));
        Assert.That(async () => await first, Throws.InvalidOperationException);
        (await attachments.ReadAsync()).SetResult();
        Assert.That((await second).Error, Is.EqualTo(VoiceError.None));
        Assert.That(await Channel.HasSession(request.Session), Is.True);
    }

    [Test]
    public async Task Failure_of_the_only_attempt_of_a_join_leaves_no_session()
    {
        var request = new JoinRequest
        {
            Session = SessionId.New(),
            Identity = "ada",
            Name = "Ada",
            Grants = Grants.Join,
            Gateway = GatewayRef,
        };
        var attachments = Silo.Calls.HoldEach(nameof(ISessionMailboxGrain.Attach), $"{request.Session}");
        var join = Channel.Join(request);
        (await attachments.ReadAsync()).SetException(new InvalidOperationException("The mailbox is gone."));
        Assert.That(async () => await join, Throws.InvalidOperationException);
        Assert.That(await Channel.HasSession(request.Session), Is.False);
    }

    [Test]
    public async Task Late_attempt_of_a_join_ages_while_it_waits_and_does_not_replace_a_newer_session()
    {
        var time = new PausedTime();
        using var folder = new TemporaryFolder();
        await using var silo = await SiloInProcess.Start(folder.Database, storage: null, time);
        var newer = await silo.Join("lobby", "ada", Gateway);
        silo.Calls.Age(nameof(IChannelGrain.Join), "lobby", TimeSpan.FromHours(1));
        var entering = silo.Calls.Hold(nameof(IIdentityGrain.Enter), "ada");
        var late = silo.Join("lobby", "ada", Gateway);
        await entering.Came;
        time.Pause(TimeSpan.FromHours(2));
        entering.LetIn();
        Assert.That((await late).Error, Is.EqualTo(VoiceError.Unavailable));
        Assert.That(await silo.Channel("lobby").HasSession(newer.Session), Is.True);
    }

    [Test]
    public async Task Cancelled_join_admits_no_session()
    {
        await Join("ada");
        var held = Silo.Calls.Hold("Join", Id.Value);
        using var client = new CancellationTokenSource();
        var joining = Channel.Join(
            new JoinRequest { Identity = "bob", Name = "Bob", Grants = Grants.Join, Gateway = GatewayRef }, client.Token);
        await held.Came;
        await client.CancelAsync();
        Assert.That(async () => await joining, Throws.InstanceOf<OperationCanceledException>());
        await held.Cancelled.WaitAsync(TimeSpan.FromSeconds(20));

        held.LetIn();
        var last = await Join("eve");
        Assert.That(last.Snapshot!.Participants.Select(participant => participant.Identity), Is.EqualTo(new[] { "ada", "eve" }));
    }

    [Test]
    public async Task Four_simultaneous_joins_to_the_last_free_seat_admit_exactly_one_member()
    {
        for (var race = 0; race < 1000; race++)
        {
            var channel = $"race-{race}";
            await Silo.Channel(channel).UpdateSettings(new ChannelSettings { MaxParticipants = 2 });
            await Silo.Join(channel, "early", Gateway);
            var late = await Task.WhenAll(Enumerable.Range(0, 4).Select(index => Silo.Join(channel, $"late-{index}", Gateway)));
            Assert.That(late.Select(result => result.Error).Order(), Is.EqualTo(
                new[] { VoiceError.None, VoiceError.ChannelFull, VoiceError.ChannelFull, VoiceError.ChannelFull }), $"race {race}");
        }
    }
}
