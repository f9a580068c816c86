using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Layouts;

/// <summary>prepare → ready → commit, as the channel lives it.</summary>
public sealed class LayoutTransitionTests
{
    private static readonly ChannelOptions Options = new() { P2PThreshold = 2, ReturnThreshold = 1, ReturnDelay = TimeSpan.FromSeconds(30) };
    private static readonly ChannelSettings AlwaysSfu = new() { Mode = ModePolicy.Sfu };

    [Test]
    public void The_first_member_plays_at_once_and_is_told_in_its_snapshot_only()
    {
        var bench = new MachineBench(Options);
        var ada = bench.Join("ada");
        Assert.That((bench.Current.Epoch, bench.Current.Mode, bench.Current.Reason), Is.EqualTo((new LayoutEpoch(1), ChannelMode.P2P, ModeReason.Created)));
        Assert.That(ada.Line.SinceEpoch, Is.EqualTo(new LayoutEpoch(1)));
        Assert.That(bench.Events, Is.All.InstanceOf<RosterChanged>());
    }

    [Test]
    public void Nobody_prepares_before_the_room_is_open()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        Assert.That(bench.Effects.OfType<PlaceRoom>().Single().Epoch, Is.EqualTo(new RoomEpoch(2)));
        Assert.That(bench.Pending, Is.Null);

        bench.Place(MachineBench.NodeA);
        Assert.That((bench.Pending!.Epoch, bench.Pending.Reason), Is.EqualTo((new LayoutEpoch(2), ModeReason.AboveThreshold)));
        Assert.That(bench.Effects.OfType<AddEndpoint>().Select(add => add.Member.Number), Is.EqualTo(new MemberNumber[] { new(1), new(2), new(3) }));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)), "the mesh plays on");
    }

    [Test]
    public void It_commits_when_the_last_connected_member_is_ready()
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
    public void Readies_that_are_early_late_doubled_or_from_strangers_count_for_nothing()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinMany(3);
        bench.Ready(members, new(2));
        bench.Place(MachineBench.NodeA);
        bench.Ready(members, new(1));
        bench.Ready(members, new(3));
        bench.Ready([members[0], members[0], members[0]], new(2));
        bench.Do((machine, now) => machine.Ready(SessionId.New(), new(2), now));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)));
    }

    [Test]
    public void Who_is_away_is_not_waited_for()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        bench.Ready(members[..2], new(2));
        bench.Do((machine, now) => machine.Detach(members[2].Session, "g1", now));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(2)));
    }

    [Test]
    public void The_timeout_commits_for_those_who_are_not_ready()
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
    public void Who_joins_during_a_switch_belongs_to_the_pending_layout_only_and_is_waited_for()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        var late = bench.Join("late");
        Assert.That(late.Line.SinceEpoch, Is.EqualTo(new LayoutEpoch(2)));
        Assert.That(bench.Effects.OfType<AddEndpoint>().Any(add => add.Member.Number == late.Number && add.Layout == new LayoutEpoch(2)));
        bench.Ready(members, new(2));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)));
        bench.Ready([late], new(2));
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(2)));
    }

    [Test]
    public void The_old_room_closes_a_grace_after_the_commit()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        var members = bench.JoinManyInSfu(3);
        Assert.That(bench.Do((machine, now) => machine.RequestLayout(ChannelMode.Sfu, ModeReason.Requested, now)), Is.EqualTo(VoiceError.None));
        bench.Place(MachineBench.NodeB);
        bench.Ready(members, new(2));
        Assert.That(bench.Effects.OfType<CloseRoom>(), Is.Empty);
        bench.Advance(Options.CloseGrace);
        Assert.That(bench.Effects.OfType<CloseRoom>().Single(), Is.EqualTo(new CloseRoom(new(1), MachineBench.NodeA)));
    }

    [Test]
    public void A_newer_epoch_replaces_a_pending_one_and_closes_its_room()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        bench.Do((machine, now) => machine.RequestLayout(ChannelMode.P2P, ModeReason.Requested, now));
        Assert.That((bench.Pending!.Epoch, bench.Pending.Mode), Is.EqualTo((new LayoutEpoch(3), ChannelMode.P2P)));
        Assert.That(bench.Effects.OfType<CloseRoom>().Single(), Is.EqualTo(new CloseRoom(new(2), MachineBench.NodeA)));
    }

    [Test]
    public void A_room_that_comes_too_late_is_closed_again()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        var place = bench.Effects.OfType<PlaceRoom>().Single();
        bench.Do((machine, now) => machine.UpdateSettings(new ChannelSettings { Mode = ModePolicy.P2P }, now));
        bench.Do((machine, now) => machine.RoomOpened(place.Layout, place.Region, new Room(MachineBench.NodeA, MachineBench.Local, place.Epoch), now));
        Assert.That(bench.Effects.OfType<CloseRoom>().Last(), Is.EqualTo(new CloseRoom(place.Epoch, MachineBench.NodeA)));
    }

    [Test]
    public void A_lost_node_is_replaced_at_once_and_avoided()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        bench.JoinManyInSfu(3);
        bench.Do((machine, now) => machine.NodeLost(MachineBench.NodeA, now, DateTimeOffset.MinValue, now));
        Assert.That(bench.Events, Is.Empty, "the layout is the same: nobody builds anything before there is a room");
        var place = bench.Place(MachineBench.NodeB);
        Assert.That(place, Has.Property("Layout").EqualTo(1).And.Property("Epoch").EqualTo(2).And.Property("Sticky").Null);
        Assert.That(place.Avoid, Is.EqualTo(new[] { MachineBench.NodeA }));
        Assert.That(bench.Effects.OfType<AddEndpoint>().Select(add => (add.Layout, add.Room.Node, add.Generation)), Is.EqualTo(Enumerable.Repeat((1, MachineBench.NodeB, 1), 3)));
    }

    [Test]
    public void Who_says_that_it_cannot_follow_its_transport_to_another_node_is_restarted_at_once()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        var ada = bench.JoinManyInSfu(1).Single();
        bench.Report(
            MachineBench.NodeA,
            new EndpointConnected(ada.Number) { Channel = MachineBench.Channel, Epoch = new(1) },
            new EndpointTicketed(ada.Number, new TransportTicket("ufrag", [new(1)], "AA", Version: 1, Sealed: [])) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Do((machine, now) => machine.NodeLost(MachineBench.NodeA, now, DateTimeOffset.MinValue, now));
        bench.Place(MachineBench.NodeB);
        var revive = bench.Effects.OfType<ReviveEndpoint>().Single();
        bench.Do((machine, now) => machine.EndpointRevived(revive.Layout, revive.Room, ada.Number, revive.Generation, MachineBench.Offer(revive.Layout), now));
        Assert.That(bench.Events.Last(), Is.InstanceOf<EndpointMoved>());
        Assert.That(bench.Effects.OfType<RestartIce>(), Is.Empty, "it may follow");

        bench.Do((machine, now) => machine.ConnectionFailed(ada.Session, revive.Layout, peer: null, now));
        var restart = bench.Effects.OfType<RestartIce>().Single();
        Assert.That(restart.Room.Node, Is.EqualTo(MachineBench.NodeB));

        // Twice said is once said: other credentials would make those void that are on their way.
        bench.Do((machine, now) => machine.ConnectionFailed(ada.Session, revive.Layout, peer: null, now));
        bench.Do((machine, now) => machine.IceRestarted(restart.Layout, restart.Room, ada.Number, restart.Generation, restart.Transport with { Restart = true }, now));
        bench.Do((machine, now) => machine.ConnectionFailed(ada.Session, revive.Layout, peer: null, now));
        Assert.That(bench.Effects.OfType<RestartIce>().Count(), Is.EqualTo(1));
        Assert.That(bench.Effects.OfType<AddEndpoint>(), Is.Empty, "the restart is not given up before it was answered");
    }

    [Test]
    public void A_node_lost_while_the_next_layout_is_prepared_lets_that_one_play_at_once()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinManyInSfu(3);
        foreach (var member in members[1..])
            bench.Do((machine, now) => machine.Leave(member.Session, LeaveReason.Left, now));
        bench.Advance(Options.ReturnDelay);
        Assert.That(bench.Pending!.Mode, Is.EqualTo(ChannelMode.P2P));
        bench.Do((machine, now) => machine.NodeLost(MachineBench.NodeA, now, DateTimeOffset.MinValue, now));
        Assert.That((bench.Current.Epoch, bench.Current.Mode, bench.Pending), Is.EqualTo((new LayoutEpoch(3), ChannelMode.P2P, (Layout?)null)));
    }

    [Test]
    public void A_pending_room_that_is_lost_is_opened_elsewhere_under_a_newer_epoch()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        bench.Place(MachineBench.NodeA);
        bench.Do((machine, now) => machine.NodeLost(MachineBench.NodeA, now, DateTimeOffset.MinValue, now));
        Assert.That(bench.Current.Mode, Is.EqualTo(ChannelMode.P2P), "what plays is not touched");
        bench.Advance(Options.SwitchTimeout);
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(1)), "a dead layout is never committed");
        bench.Place(MachineBench.NodeB);
        Assert.That((bench.Pending!.Epoch, bench.Pending.Mode), Is.EqualTo((new LayoutEpoch(3), ChannelMode.Sfu)));
    }

    [Test]
    public void Two_regions_that_are_sent_to_a_third_share_one_room_there()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        RegionId[] homes = [new("north"), new("south"), MachineBench.Local];
        foreach (var home in homes)
            bench.TryJoin($"of-{home}", region: home);
        // Each is asked for before any is open; all end in the one region that has nodes.
        foreach (var place in bench.Effects.OfType<PlaceRoom>().ToArray())
            bench.Do((machine, now) => machine.RoomOpened(place.Layout, place.Region, new Room(MachineBench.NodeA, MachineBench.Local, place.Epoch), now));
        foreach (var place in bench.Effects.OfType<PlaceRoom>().Skip(1).ToArray())
            bench.Do((machine, now) => machine.RoomOpened(place.Layout, place.Region, new Room(MachineBench.NodeB, MachineBench.Local, place.Epoch), now));

        var only = bench.Machine.Snapshot().Rooms.Single();
        Assert.That(bench.Effects.OfType<AddEndpoint>().Select(add => add.Room.Epoch), Is.EqualTo(Enumerable.Repeat(only.Epoch, homes.Length)));
        var asked = bench.Effects.OfType<PlaceRoom>().Select(place => place.Epoch);
        Assert.That(bench.Effects.OfType<CloseRoom>().Select(close => close.Epoch), Is.SupersetOf(asked.Where(epoch => epoch != only.Epoch)), "a room that nobody needs is closed");
    }

    [Test]
    public void A_region_that_is_sent_to_one_of_several_rooms_of_another_closes_none_of_them()
    {
        var bench = new MachineBench(Options with { RoomCapacity = 2 }, AlwaysSfu);
        var members = bench.JoinManyInSfu(2);
        bench.Join("overflow");
        bench.Place(MachineBench.NodeB);
        bench.AddEndpoints();
        bench.Do((machine, now) => machine.Leave(members[0].Session, LeaveReason.Left, now));
        bench.Forget();

        bench.TryJoin("from-afar", region: new("far"));
        var place = bench.Effects.OfType<PlaceRoom>().Single();
        var second = place.Present.Single(room => room.Node == MachineBench.NodeB);
        bench.Do((machine, now) => machine.RoomOpened(place.Layout, place.Region, second, now));
        Assert.That(bench.Effects.OfType<CloseRoom>(), Is.Empty, "people are in it");
        Assert.That(bench.Effects.OfType<AddEndpoint>().Single().Room, Is.EqualTo(second));
    }

    [Test]
    public void Without_a_node_a_mesh_plays_on_and_asks_again()
    {
        var bench = new MachineBench(Options);
        bench.JoinMany(3);
        bench.Do((machine, now) => machine.PlacementFailed(new(2), MachineBench.Local, now));
        Assert.That((bench.Current.Mode, bench.Pending), Is.EqualTo((ChannelMode.P2P, (Layout?)null)));
        bench.Forget();
        bench.Advance(Options.NodeRetryDelay);
        Assert.That(bench.Effects.OfType<PlaceRoom>().Single().Epoch, Is.EqualTo(new RoomEpoch(3)));
    }

    [Test]
    public void A_channel_that_must_be_forwarded_waits_for_a_node_rather_than_show_addresses()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        bench.JoinMany(2);
        bench.Do((machine, now) => machine.PlacementFailed(new(1), MachineBench.Local, now));
        Assert.That(bench.Current.Mode, Is.EqualTo(ChannelMode.Sfu));
        bench.Forget();
        bench.Advance(Options.NodeRetryDelay);
        Assert.That(bench.Effects.OfType<PlaceRoom>().Single().Epoch, Is.EqualTo(new RoomEpoch(1)), "nobody had a transport in it, so it is still new");
    }

    [Test]
    public void An_empty_channel_closes_its_rooms_and_goes_on_counting()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        var members = bench.JoinManyInSfu(2);
        foreach (var member in members)
            bench.Do((machine, now) => machine.Leave(member.Session, LeaveReason.Left, now));
        Assert.That(bench.Effects.OfType<CloseRoom>().Single(), Is.EqualTo(new CloseRoom(new(1), MachineBench.NodeA)));
        Assert.That(bench.Machine.NextDeadline, Is.Null);
        bench.Join("again");
        Assert.That(bench.Current.Epoch, Is.EqualTo(new LayoutEpoch(2)));
    }

    [Test]
    public void A_request_against_the_policy_is_refused_and_one_of_nobody_too()
    {
        var bench = new MachineBench(Options, AlwaysSfu);
        Assert.That(bench.Do((machine, now) => machine.RequestLayout(ChannelMode.Sfu, ModeReason.Requested, now)), Is.EqualTo(VoiceError.UnknownChannel));
        bench.Join("ada");
        Assert.That(bench.Do((machine, now) => machine.RequestLayout(ChannelMode.P2P, ModeReason.Requested, now)), Is.EqualTo(VoiceError.Unsupported));
    }

    [Test]
    public void A_failed_peer_that_is_away_says_nothing_about_the_mesh()
    {
        var bench = new MachineBench(Options);
        var members = bench.JoinMany(2);
        bench.Do((machine, now) => machine.Detach(members[0].Session, "g1", now));
        bench.Do((machine, now) => machine.ConnectionFailed(members[1].Session, new(1), members[0].Number, now));
        Assert.That(bench.Effects.OfType<PlaceRoom>(), Is.Empty);
        bench.Do((machine, now) => machine.Resume(members[0].Session, members[0].TokenHash, "g1", now));
        bench.Do((machine, now) => machine.ConnectionFailed(members[1].Session, new(1), members[0].Number, now));
        Assert.That(bench.Effects.OfType<PlaceRoom>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void After_a_restart_the_room_is_verified_and_epochs_go_on_above_every_one_that_was_given()
    {
        var before = new MachineBench(Options, AlwaysSfu);
        var members = before.JoinManyInSfu(2);
        var bench = new MachineBench(Options, AlwaysSfu, before.Machine.Checkpoint());
        Assert.That(bench.Roster.Select(participant => participant.Away), Is.EqualTo(new[] { true, true }));
        var room = bench.Effects.OfType<VerifyRoom>().Single().Room;
        Assert.That(room, Is.EqualTo(new Room(MachineBench.NodeA, MachineBench.Local, new(1))));
        bench.Do((machine, now) => machine.RoomVerified(room, new ListedEndpoints(VoiceError.None, [new(new MemberNumber(1), null), new(new MemberNumber(2), null)], []), now));
        Assert.That(bench.Effects.OfType<AddEndpoint>(), Is.Empty, "transports that live are not replaced");
        Assert.That(bench.Effects.OfType<UpdateEndpoint>().Select(update => update.Member.Number), Is.EqualTo(new MemberNumber[] { new(1), new(2) }), "what they may was perhaps not told");

        bench.Do((machine, now) => machine.Resume(members[0].Session, members[0].TokenHash, "g1", now));
        bench.Do((machine, now) => machine.NodeLost(MachineBench.NodeA, now, DateTimeOffset.MinValue, now));
        Assert.That(bench.Effects.OfType<PlaceRoom>().Single().Epoch, Is.EqualTo(new RoomEpoch(1 + ChannelCheckpoint.EpochReserve + 1)));
    }
}
