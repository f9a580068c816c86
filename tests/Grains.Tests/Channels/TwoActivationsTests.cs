using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Tests.Testing;
using Hype.Testing.Waiting;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Tests two activations of one channel, as two silos that do not know each other would have them: two silos, each alone in its cluster,
/// use one database.
/// </summary>
public sealed class TwoActivationsTests
{
    [Test]
    public async Task Earlier_activation_stores_nothing_after_a_later_one_has_admitted_a_member()
    {
        using var folder = new TemporaryFolder();
        // No checkpoint is due soon: only the fence is written.
        await using var first = await StartAsync(folder);
        await using var second = await StartAsync(folder);
        var settings = new ChannelSettings { MaxParticipants = 7 };
        Assert.That((await first.Join("lobby", "ada", new RecordingGateway("g1"))).Error, Is.EqualTo(VoiceError.None));
        Assert.That((await second.Join("lobby", "bob", new RecordingGateway("g2"))).Error, Is.EqualTo(VoiceError.None));

        var answer = await first.Channel("lobby").UpdateSettings(settings);
        // On a slow machine a checkpoint was due before: then the first activation has ended already, and its successor knows bob.
        if (answer != VoiceError.Unavailable)
        {
            var members = (await first.Channel("lobby").GetSnapshot()).Participants.Select(participant => participant.Identity);
            Assert.That(members, Does.Contain("bob"), $"the first activation stored over the second: {answer}");
        }
    }

    [Test]
    public async Task Join_in_progress_is_refused_when_the_activation_detects_a_later_one()
    {
        using var folder = new TemporaryFolder();
        await using var first = await StartAsync(folder);
        await using var second = await StartAsync(folder);
        var gateway = new RecordingGateway("g1");
        await first.Join("lobby", "ada", gateway);
        var entering = first.Calls.Hold(nameof(IIdentityGrain.Enter), "bob");
        var joining = first.Join("lobby", "bob", gateway);
        await entering.Came;
        await second.Join("lobby", "cleo", new RecordingGateway("g2"));
        await first.Channel("lobby").UpdateSettings(new ChannelSettings { MaxParticipants = 7 });

        entering.LetIn();
        Assert.That((await joining).Error, Is.EqualTo(VoiceError.Unavailable));
    }

    [Test]
    public async Task Earlier_activation_ends_when_a_media_node_refuses_its_order()
    {
        using var folder = new TemporaryFolder();
        await using var first = await StartAsync(folder);
        await using var second = await StartAsync(folder);
        var (gateway, channel) = (new RecordingGateway("g1"), first.Channel("lobby"));
        // The two silos use one node; it has the room of the first activation.
        var newest = 0UL;
        var verified = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (await first.StartNode("a")).Refuse = Compare;
        (await second.StartNode("a")).Refuse = order =>
        {
            if (order.BodyCase == Proto.NodeOrder.BodyOneofCase.ListEndpoints)
                verified.TrySetResult();
            return Compare(order);
        };
        await channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await first.Join("lobby", "ada", gateway);
        await gateway.Receives<SfuOffered>();
        await channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu, MaxParticipants = 7 });
        var before = (await channel.GetSnapshot()).Incarnation;
        Assert.That(newest, Is.EqualTo(before));

        var later = (await second.Channel("lobby").GetSnapshot()).Incarnation;
        await verified.Task;
        await channel.SetState(ada.Session, muted: true, deafened: false);

        await Poll.UntilAsync(async () => (await channel.GetSnapshot()).Incarnation > later);
        Assert.That(later, Is.GreaterThan(before));

        Proto.OutcomeCode? Compare(Proto.NodeOrder order)
        {
            if (order.Incarnation < Interlocked.Read(ref newest))
                return Proto.OutcomeCode.Superseded;
            Interlocked.Exchange(ref newest, order.Incarnation);
            return null;
        }
    }

    [Test]
    public async Task Node_that_names_a_channel_without_a_record_causes_neither_a_record_nor_an_order()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await StartAsync(folder);
        var (node, channel) = (await silo.StartNode("a"), silo.Channel("lobby"));
        await channel.RoomsFound(node.Registration.Node, [new RoomEpoch(8)]);
        await channel.UpdateSettings(ChannelSettings.Default);
        await channel.RoomsFound(node.Registration.Node, [new RoomEpoch(9)]);
        await Poll.UntilAsync(() => Task.FromResult(node.Orders.Count > 0));
        Assert.That(node.Orders, Is.EqualTo(new[] { "CloseRoom 9" }));
    }

    [Test]
    public async Task Timer_of_a_resume_window_waits_until_the_silo_may_act()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await SiloInProcess.Start(
            folder.Database, ("Hype:Channels:ResumeWindow", "00:00:00.05"), ("Hype:Channels:CheckpointInterval", "00:00:10"));
        var gateway = new RecordingGateway("g1");
        var ada = await silo.Join("lobby", "ada", gateway);
        await silo.Join("lobby", "bob", gateway);
        silo.Gate.Close();
        await silo.Channel("lobby").Detach(ada.Session, "g1");
        await silo.Gate.Waiting;
        Assert.That(await silo.Channel("lobby").HasSession(ada.Session), Is.True, "the timer is due and waits");

        silo.Gate.Open();
        await gateway.Receives<RosterChanged>(change => change.Left.Contains(new ParticipantLeft(ada.Number, LeaveReason.TimedOut)));
    }

    private static Task<SiloInProcess> StartAsync(TemporaryFolder folder) =>
        SiloInProcess.Start(folder.Database, ("Hype:Channels:CheckpointInterval", "00:00:10"));
}
