using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels;

/// <summary>Tests the snapshots of a channel, and its restoration from a checkpoint.</summary>
public sealed class ChannelSnapshotsTests
{
    private static readonly ChannelSettings AlwaysSfu = new() { Mode = ModePolicy.Sfu };

    [Test]
    public void Checkpoint_reserves_a_range_of_epochs_and_member_numbers_above_the_assigned_values()
    {
        var bench = new MachineBench();
        bench.JoinMany(2);
        var checkpoint = bench.Machine.Checkpoint();
        Assert.That(checkpoint.EpochLimit, Is.EqualTo(new LayoutEpoch(1 + ChannelCheckpoint.EpochReserve)));
        Assert.That(checkpoint.NumberLimit, Is.EqualTo(new MemberNumber(2 + ChannelCheckpoint.NumberReserve)));
    }

    [Test]
    public void Members_of_a_restored_channel_are_away_and_the_room_is_verified_instead_of_replaced()
    {
        var before = new MachineBench(settings: AlwaysSfu);
        var members = before.JoinManyInSfu(2);
        var bench = new MachineBench(settings: AlwaysSfu, checkpoint: before.Machine.Checkpoint());

        Assert.That(
            bench.Roster.Select(participant => (participant.Number, participant.Away)),
            Is.EqualTo(members.Select(member => (member.Number, true))));
        Assert.That(bench.Current, Is.EqualTo(before.Current));
        Assert.That(
            bench.Effects.OfType<VerifyRoom>().Single().Room,
            Is.EqualTo(new Room(MachineBench.NodeA, MachineBench.Local, new(1))));
        Assert.That(bench.Effects.OfType<PlaceRoom>(), Is.Empty, "media continues in the room that the channel had");
    }

    [Test]
    public void Restored_empty_channel_opens_a_layout_with_a_higher_epoch()
    {
        var before = new MachineBench();
        var ada = before.Join("ada");
        before.Run(new Leave(ada.Session, LeaveReason.Left));
        var bench = new MachineBench(checkpoint: before.Machine.Checkpoint());
        bench.Join("bob");
        Assert.That(bench.Current.Epoch, Is.GreaterThan(before.Current.Epoch));
    }

    [Test]
    public void Explanation_lists_the_members_of_each_room()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var members = bench.JoinManyInSfu(2);
        var room = bench.Machine.Explain().Rooms.Single();
        Assert.That(room.Members, Is.EqualTo(members.Select(member => member.Number)));
        Assert.That(room.Serves, Is.EqualTo(new[] { MachineBench.Local }));
        Assert.That(bench.Machine.Explain().Mode.Policy, Is.EqualTo(ModePolicy.Sfu));
    }
}
