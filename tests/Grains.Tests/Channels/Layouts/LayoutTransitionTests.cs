using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Layouts;

/// <summary>Tests the change from one layout to the next (prepare, ready, commit), through the interface of the channel machine.</summary>
public sealed class LayoutTransitionTests
{
    private static readonly ChannelOptions Options = new()
    {
        P2PThreshold = 2,
        ReturnThreshold = 1,
        ReturnDelay = TimeSpan.FromSeconds(30),
    };
    private static readonly ChannelSettings AlwaysSfu = new() { Mode = ModePolicy.Sfu };

    [Test]
    public void First_layout_is_current_immediately_and_no_layout_event_is_published()
    {
        var bench = new MachineBench(Options);
        var ada = bench.Join("ada");
        Assert.That(
            (bench.Current.Epoch, bench.Current.Mode, bench.Current.Reason),
            Is.EqualTo((new LayoutEpoch(1), ChannelMode.P2P, ModeReason.Created)));
        Assert.That(ada.Participant.SinceEpoch, Is.EqualTo(new LayoutEpoch(1)));
        Assert.That(bench.Events, Is.All.InstanceOf<RosterChanged>());
    }

    [Test]
    public void Pending_layout_is_announced_only_after_the_room_of_the_layout_is_open()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        Assert.That(bench.Effects.OfType<PlaceRoom>().Single().Epoch, Is.EqualTo(new RoomEpoch(2)));
        Assert.That(bench.Pending, Is.Null);

        bench.Place(MachineBench.NodeA);
        Assert.That((bench.Pending!.Epoch, bench.Pending.Reason), Is.EqualTo((new LayoutEpoch(2), ModeReason.AboveThreshold)));
        Assert.That(
            bench.Effects.OfType<AddEndpoint>().Select(add => add.Endpoint.Number),
            Is.EqualTo(new MemberNumber[] { new(1), new(2), new(3) }));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)), "the mesh stays in use");
    }

    [Test]
    public void Layout_is_committed_when_the_last_connected_member_is_ready()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        bench.Ready(members[..2], new(2));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)));
        bench.Ready(members[2..], new(2));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(2)));
        Assert.That(bench.Pending, Is.Null);
        Assert.That(bench.Events.Last(), Is.EqualTo(new LayoutCommitted(bench.Current)));
    }

    [Test]
    public void Ready_report_too_early_too_late_repeated_or_from_an_unknown_session_is_ignored()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinMany(3);
        bench.Ready(members, new(2));
        bench.Place(MachineBench.NodeA);
        bench.Ready(members, new(1));
        bench.Ready(members, new(3));
        bench.Ready([members[0], members[0], members[0]], new(2));
        bench.Run(new Ready(SessionId.New(), new(2)));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)));
    }

    [Test]
    public void Layout_is_committed_without_the_readiness_of_an_away_member()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        bench.Ready(members[..2], new(2));
        bench.Run(new Detach(members[2].Session, "g1"));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(2)));
    }

    [Test]
    public void Layout_is_committed_at_the_switch_timeout_even_if_members_are_not_ready()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        bench.Advance(Options.SwitchTimeout - TimeSpan.FromMilliseconds(1));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)));
        Assert.That(bench.Machine.NextDeadline, Is.EqualTo(bench.Now + TimeSpan.FromMilliseconds(1)));
        bench.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(2)));
    }

    [Test]
    public void Member_joining_during_a_switch_uses_the_pending_layout_and_delays_the_commit_until_ready()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        var late = bench.Join("late");
        Assert.That(late.Participant.SinceEpoch, Is.EqualTo(new LayoutEpoch(2)));
        Assert.That(
            bench.Effects
                .OfType<AddEndpoint>()
                .Any(add => add.Endpoint.Number == late.Number && add.Endpoint.Layout == new LayoutEpoch(2)));
        bench.Ready(members, new(2));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)));
        bench.Ready([late], new(2));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(2)));
    }

    [Test]
    public void Room_of_the_former_layout_closes_after_the_grace_period()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        var members = bench.JoinManyInSfu(3);
        Assert.That(bench.Run(new RequestLayout(ChannelMode.Sfu, ModeReason.Requested)).Error, Is.EqualTo(VoiceError.None));
        bench.Place(MachineBench.NodeB);
        bench.Ready(members, new(2));
        Assert.That(bench.Effects.OfType<CloseRoom>(), Is.Empty);
        bench.Advance(Options.CloseGrace);
        Assert.That(bench.Effects.OfType<CloseRoom>().Single(), Is.EqualTo(new CloseRoom(new(1), MachineBench.NodeA)));
    }

    [Test]
    public void Newer_layout_replaces_the_pending_layout_and_closes_the_room_of_the_replaced_layout()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        bench.Run(new RequestLayout(ChannelMode.P2P, ModeReason.Requested));
        Assert.That((bench.Pending!.Epoch, bench.Pending.Mode), Is.EqualTo((new LayoutEpoch(3), ChannelMode.P2P)));
        Assert.That(bench.Effects.OfType<CloseRoom>().Single(), Is.EqualTo(new CloseRoom(new(2), MachineBench.NodeA)));
    }

    [Test]
    public void Room_opened_after_the_pending_layout_was_dropped_is_closed()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        var place = bench.Effects.OfType<PlaceRoom>().Single();
        bench.Run(new UpdateSettings(new ChannelSettings { Mode = ModePolicy.P2P }));
        bench.Answer(place, room: new Room(MachineBench.NodeA, MachineBench.Local, place.Epoch));
        Assert.That(bench.Effects.OfType<CloseRoom>().Last(), Is.EqualTo(new CloseRoom(place.Epoch, MachineBench.NodeA)));
    }

    [Test]
    public void Loss_of_a_media_node_requests_a_room_on_another_node()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        bench.JoinManyInSfu(3);
        bench.Run(new NodeLost(MachineBench.NodeA, TimeSpan.Zero, TimeSpan.MaxValue));
        Assert.That(bench.Events, Is.Empty, "the layout is the same: no client builds anything before there is a room");
        var place = bench.Place(MachineBench.NodeB);
        Assert.That(
            place,
            Has.Property("Layout").EqualTo(new LayoutEpoch(1)).And.Property("Epoch").EqualTo(new RoomEpoch(2)).And.Property(
                "Sticky").Null);
        Assert.That(place.Avoid, Is.EqualTo(new[] { MachineBench.NodeA }));
        Assert.That(
            bench.Effects.OfType<AddEndpoint>().Select(add => (add.Endpoint.Layout, add.Endpoint.Room.Node, add.Endpoint.Generation)),
            Is.EqualTo(Enumerable.Repeat((new LayoutEpoch(1), MachineBench.NodeB, 1), 3)));
    }

    [Test]
    public void Client_report_of_a_failed_endpoint_move_causes_one_immediate_ICE_restart()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        var ada = bench.JoinManyInSfu(1).Single();
        bench.Report(
            MachineBench.NodeA,
            new EndpointConnected(ada.Number) { Channel = MachineBench.Channel, Epoch = new(1) },
            new EndpointTicketed(ada.Number, new TransportTicket("ufrag", [new(1)], "AA", Version: 1, Sealed: []))
            {
                Channel = MachineBench.Channel,
                Epoch = new(1),
            });
        bench.Run(new NodeLost(MachineBench.NodeA, TimeSpan.Zero, TimeSpan.MaxValue));
        bench.Place(MachineBench.NodeB);
        var revive = bench.Effects.OfType<ReviveEndpoint>().Single();
        bench.Answer(revive, offer: MachineBench.Offer(revive.Endpoint.Layout));
        Assert.That(bench.Events.Last(), Is.InstanceOf<EndpointMoved>());
        Assert.That(bench.Effects.OfType<RestartIce>(), Is.Empty, "it may follow");

        bench.Run(new ConnectionFailed(ada.Session, revive.Endpoint.Layout, Peer: null));
        var restart = bench.Effects.OfType<RestartIce>().Single();
        Assert.That(restart.Endpoint.Room.Node, Is.EqualTo(MachineBench.NodeB));

        // A second report changes nothing: new credentials would invalidate those that are on their way.
        bench.Run(new ConnectionFailed(ada.Session, revive.Endpoint.Layout, Peer: null));
        bench.Answer(restart, offer: restart.Offer with { Restart = true });
        bench.Run(new ConnectionFailed(ada.Session, revive.Endpoint.Layout, Peer: null));
        Assert.That(bench.Effects.OfType<RestartIce>().Count(), Is.EqualTo(1));
        Assert.That(bench.Effects.OfType<AddEndpoint>(), Is.Empty, "the restart continues until its answer");
    }

    [Test]
    public void Loss_of_the_only_media_node_commits_a_pending_mesh_layout_immediately()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinManyInSfu(3);
        foreach (var member in members[1..])
            bench.Run(new Leave(member.Session, LeaveReason.Left));
        bench.Advance(Options.ReturnDelay);
        Assert.That(bench.Pending!.Mode, Is.EqualTo(ChannelMode.P2P));
        bench.Run(new NodeLost(MachineBench.NodeA, TimeSpan.Zero, TimeSpan.MaxValue));
        Assert.That(
            (bench.Current.Epoch, bench.Current.Mode, bench.Pending), Is.EqualTo((new LayoutEpoch(3), ChannelMode.P2P, (Layout?)null)));
    }

    [Test]
    public void Pending_layout_with_a_lost_room_is_replaced_by_a_layout_with_a_newer_epoch()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        bench.Run(new NodeLost(MachineBench.NodeA, TimeSpan.Zero, TimeSpan.MaxValue));
        Assert.That(bench.Current.Mode, Is.EqualTo(ChannelMode.P2P), "the current layout is not affected");
        bench.Advance(Options.SwitchTimeout);
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)), "a lost layout is never committed");
        bench.Place(MachineBench.NodeB);
        Assert.That((bench.Pending!.Epoch, bench.Pending.Mode), Is.EqualTo((new LayoutEpoch(3), ChannelMode.Sfu)));
    }

    [Test]
    public void Members_of_regions_without_media_nodes_share_one_room_of_the_only_region_with_nodes()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        RegionId[] homes = [new("north"), new("south"), MachineBench.Local];
        foreach (var home in homes)
            bench.TryJoin($"of-{home}", region: home);
        // Each room is requested before any is open; all are placed in the one region that has nodes.
        foreach (var place in bench.Effects.OfType<PlaceRoom>().ToArray())
            bench.Answer(place, room: new Room(MachineBench.NodeA, MachineBench.Local, place.Epoch));
        foreach (var place in bench.Effects.OfType<PlaceRoom>().Skip(1).ToArray())
            bench.Answer(place, room: new Room(MachineBench.NodeB, MachineBench.Local, place.Epoch));

        var only = bench.Machine.Snapshot().Rooms.Single();
        Assert.That(
            bench.Effects.OfType<AddEndpoint>().Select(add => add.Endpoint.Room.Epoch),
            Is.EqualTo(Enumerable.Repeat(only.Epoch, homes.Length)));
        var asked = bench.Effects.OfType<PlaceRoom>().Select(place => place.Epoch);
        Assert.That(
            bench.Effects.OfType<CloseRoom>().Select(close => close.Epoch),
            Is.SupersetOf(asked.Where(epoch => epoch != only.Epoch)),
            "unused rooms are closed");
    }

    [Test]
    public void Occupied_room_stays_open_when_a_region_without_nodes_starts_to_share_the_room()
    {
        var bench = new MachineBench(Options with { RoomCapacity = 2 }, AlwaysSfu);
        var members = bench.JoinManyInSfu(2);
        bench.Join("overflow");
        bench.Place(MachineBench.NodeB);
        bench.AddEndpoints();
        bench.Run(new Leave(members[0].Session, LeaveReason.Left));
        bench.Forget();

        bench.TryJoin("from-afar", region: new("far"));
        var place = bench.Effects.OfType<PlaceRoom>().Single();
        var second = place.Present.Single(room => room.Node == MachineBench.NodeB);
        bench.Answer(place, room: second);
        Assert.That(bench.Effects.OfType<CloseRoom>(), Is.Empty, "it has members");
        Assert.That(bench.Effects.OfType<AddEndpoint>().Single().Endpoint.Room, Is.EqualTo(second));
    }

    [Test]
    public void Mesh_stays_current_without_node_capacity_and_a_room_is_requested_again_after_a_pause()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        bench.Answer(MachineBench.PlaceOrder(new(2)), NodeOutcome.NoCapacity);
        Assert.That((bench.Current.Mode, bench.Pending), Is.EqualTo((ChannelMode.P2P, (Layout?)null)));
        bench.Forget();
        bench.Advance(Options.NodeRetryDelay);
        Assert.That(bench.Effects.OfType<PlaceRoom>().Single().Epoch, Is.EqualTo(new RoomEpoch(3)));
    }

    [Test]
    public void Channel_with_policy_sfu_and_no_node_capacity_stays_in_sfu_mode_and_retries_after_a_pause()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        bench.JoinMany(2);
        bench.Answer(MachineBench.PlaceOrder(new(1)), NodeOutcome.NoCapacity);
        Assert.That(bench.Current.Mode, Is.EqualTo(ChannelMode.Sfu));
        bench.Forget();
        bench.Advance(Options.NodeRetryDelay);
        Assert.That(
            bench.Effects.OfType<PlaceRoom>().Single().Epoch,
            Is.EqualTo(new RoomEpoch(1)),
            "the layout never had a room, so its epoch is still unused");
    }

    [Test]
    public void Emptied_channel_closes_all_rooms_and_the_next_layout_has_a_higher_epoch()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        var members = bench.JoinManyInSfu(2);
        foreach (var member in members)
            bench.Run(new Leave(member.Session, LeaveReason.Left));
        Assert.That(bench.Effects.OfType<CloseRoom>().Single(), Is.EqualTo(new CloseRoom(new(1), MachineBench.NodeA)));
        Assert.That(bench.Machine.NextDeadline, Is.Null);
        bench.Join("again");
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(2)));
    }

    [Test]
    public void Request_for_a_mode_against_the_policy_or_in_an_empty_channel_is_refused()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        Assert.That(bench.Run(new RequestLayout(ChannelMode.Sfu, ModeReason.Requested)).Error, Is.EqualTo(VoiceError.UnknownChannel));
        bench.Join("ada");
        Assert.That(bench.Run(new RequestLayout(ChannelMode.P2P, ModeReason.Requested)).Error, Is.EqualTo(VoiceError.Unsupported));
    }

    [Test]
    public void Failed_p2p_connection_to_an_away_peer_requests_no_media_node()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinMany(2);
        bench.Run(new Detach(members[0].Session, "g1"));
        bench.Run(new ConnectionFailed(members[1].Session, new(1), members[0].Number));
        Assert.That(bench.Effects.OfType<PlaceRoom>(), Is.Empty);
        bench.Run(new Resume(members[0].Session, members[0].TokenHash, [7], "g1"));
        bench.Run(new ConnectionFailed(members[1].Session, new(1), members[0].Number));
        Assert.That(bench.Effects.OfType<PlaceRoom>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Restored_channel_verifies_the_stored_room_and_assigns_only_higher_epochs()
    {
        var before = new MachineBench(Options, AlwaysSfu);
        var members = before.JoinManyInSfu(2);
        var bench = new MachineBench(Options, AlwaysSfu, before.Machine.Checkpoint());
        Assert.That(bench.Roster.Select(participant => participant.Away), Is.EqualTo(new[] { true, true }));
        var room = bench.Effects.OfType<VerifyRoom>().Single().Room;
        Assert.That(room, Is.EqualTo(new Room(MachineBench.NodeA, MachineBench.Local, new(1))));
        bench.Answer(
            new VerifyRoom(room), listed: new ListedEndpoints([new(new MemberNumber(1), null), new(new MemberNumber(2), null)], []));
        Assert.That(bench.Effects.OfType<AddEndpoint>(), Is.Empty, "endpoints that still exist are not replaced");
        Assert.That(
            bench.Effects.OfType<UpdateEndpoint>().Select(update => update.Endpoint.Number),
            Is.EqualTo(new MemberNumber[] { new(1), new(2) }),
            "the node may not know the newest permissions");

        bench.Run(new Resume(members[0].Session, members[0].TokenHash, [7], "g1"));
        bench.Run(new NodeLost(MachineBench.NodeA, TimeSpan.Zero, TimeSpan.MaxValue));
        Assert.That(bench.Effects.OfType<PlaceRoom>().Single().Epoch, Is.EqualTo(new RoomEpoch(1 + ChannelCheckpoint.EpochReserve + 1)));
    }
}
