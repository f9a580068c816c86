using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Layouts;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.Tests.Channels.Members;

namespace Hype.Grains.Tests.Channels.Layouts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelLayoutsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly Layout Initial = new(default, ChannelMode.P2P, ModeReason.Created, Now);

    private readonly Roster _roster = new();
    private readonly EffectList _effects = new();
    private readonly ChannelLayouts _layouts;

    public ChannelLayoutsTests()
    {
        var options = new ChannelOptions();
        _layouts = new ChannelLayouts(options, _roster, new LayoutTransition(options, _effects), _effects, Initial);
    }

    [Test]
    public void Second_member_uses_the_layout_opened_for_the_first_member()
    {
        Assert.That(_layouts.EpochForJoiner(ModePolicy.Auto, MachineBench.Local, Now), Is.EqualTo(new LayoutEpoch(1)));
        Assert.That(
            _layouts.EpochForJoiner(ModePolicy.Auto, MachineBench.Local, Now),
            Is.EqualTo(new LayoutEpoch(1)),
            "and the second one builds it too");
    }

    [TestCase(ModePolicy.P2P, ChannelMode.Sfu)]
    [TestCase(ModePolicy.Sfu, ChannelMode.P2P)]
    public void Request_for_a_mode_against_the_mode_policy_is_refused_as_unsupported(ModePolicy policy, ChannelMode mode)
    {
        Open(policy);
        Assert.That(_layouts.Request(policy, mode, ModeReason.Requested, Now), Is.EqualTo(VoiceError.Unsupported));
    }

    [Test]
    public void Request_for_a_mode_in_an_empty_channel_is_refused_as_unknown_channel() =>
        Assert.That(_layouts.Request(ModePolicy.Auto, ChannelMode.Sfu, ModeReason.Requested, Now), Is.EqualTo(VoiceError.UnknownChannel));

    [Test]
    public void Report_of_a_failed_peer_connection_counts_only_if_the_peer_is_another_connected_member()
    {
        Open(ModePolicy.Auto);
        var (ada, bob) = (_roster.Add("ada"), _roster.Add("bob"));
        _roster.Update(bob.AwaySince(Now, TimeSpan.FromSeconds(30)));
        _layouts.PairFailed(new(1), ada, bob.Number);
        _layouts.PairFailed(new(1), ada, ada.Number);
        Assert.That(_layouts.Explain(ModePolicy.Auto).PairFailed, Is.False);

        _roster.Update(bob);
        _layouts.PairFailed(new(1), ada, bob.Number);
        Assert.That(_layouts.Explain(ModePolicy.Auto).PairFailed);
    }

    [Test]
    public void Only_room_of_a_layout_is_requested_again_after_a_pause_when_the_placement_failed()
    {
        var place = Open(ModePolicy.Sfu);
        _layouts.PlacementFailed(place!, Now);
        _layouts.Decide(ModePolicy.Sfu, Now);
        Assert.That(_effects.Take(), Is.Empty);
        _layouts.Decide(ModePolicy.Sfu, _layouts.NextDeadline!.Value);
        Assert.That(_effects.Take().OfType<PlaceRoom>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Lost_room_is_removed_from_the_layout_and_closed_at_the_media_node()
    {
        var place = Open(ModePolicy.Sfu);
        _layouts.RoomPlaced(place!, new Room(MachineBench.NodeA, MachineBench.Local, place!.Epoch), Now);
        Assert.That(_layouts.Rooms, Has.Length.EqualTo(1));
        _layouts.LoseRoom(place.Epoch, MachineBench.NodeB, Now);
        Assert.That(_layouts.Rooms, Has.Length.EqualTo(1), "another node's room is not affected");
        _layouts.LoseRoom(place.Epoch, MachineBench.NodeA, Now);
        Assert.That(_layouts.Rooms, Is.Empty);
        Assert.That(_effects.Take(), Does.Contain(new CloseRoom(place.Epoch, MachineBench.NodeA)));
    }

    [Test]
    public void Rooms_reported_by_a_node_but_unused_by_the_channel_are_closed_at_the_node()
    {
        var place = Open(ModePolicy.Sfu);
        _layouts.RoomPlaced(place!, new Room(MachineBench.NodeA, MachineBench.Local, place!.Epoch), Now);
        _layouts.CloseUnused(MachineBench.NodeA, [place.Epoch, new RoomEpoch(77)]);
        Assert.That(_effects.Take(), Is.EqualTo(new[] { new CloseRoom(new(77), MachineBench.NodeA) }));
    }

    [Test]
    public void Renewal_of_rooms_sends_a_renew_order_to_the_media_node_of_each_room()
    {
        var place = Open(ModePolicy.Sfu);
        _layouts.RoomPlaced(place!, new Room(MachineBench.NodeA, MachineBench.Local, place!.Epoch), Now);
        _layouts.RenewRooms();
        Assert.That(_effects.Take(), Is.EqualTo(new[] { new RenewRoom(place.Epoch, MachineBench.NodeA) }));
    }

    private PlaceRoom? Open(ModePolicy policy)
    {
        _roster.Add("first");
        _layouts.EpochForJoiner(policy, MachineBench.Local, Now);
        return _effects.Take().OfType<PlaceRoom>().SingleOrDefault();
    }
}
