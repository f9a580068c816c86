using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Tests.Channels.Endpoints;

/// <summary>Tests which orders about endpoints a channel still needs when it retries them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WantedOrdersTests
{
    private readonly MachineBench _bench = new(settings: new ChannelSettings { Mode = ModePolicy.Sfu });
    private readonly Member _ada;
    private readonly Member _bob;

    public WantedOrdersTests()
    {
        var members = _bench.JoinManyInSfu(2);
        (_ada, _bob) = (members[0], members[1]);
    }

    private IWantedOrders Wanted => _bench.Machine.WantedOrders;

    [Test]
    public void Endpoint_update_is_wanted_until_the_permissions_of_the_member_change_again()
    {
        var muted = Mute(true);
        Assert.That(Wanted.Wants(muted));
        var unmuted = Mute(false);
        Assert.That((Wanted.Wants(muted), Wanted.Wants(unmuted)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Endpoint_update_is_not_wanted_after_the_member_has_left()
    {
        var muted = Mute(true);
        _bench.Run(new Leave(_ada.Session, LeaveReason.Left));
        Assert.That(Wanted.Wants(muted), Is.False);
    }

    [Test]
    public void Endpoint_update_is_wanted_only_in_the_rooms_of_the_endpoint()
    {
        var muted = Mute(true);
        var elsewhere = muted.Endpoint with { Room = muted.Endpoint.Room with { Node = MachineBench.NodeB } };
        Assert.That(Wanted.Wants(muted with { Endpoint = elsewhere }), Is.False);
    }

    [Test]
    public void Endpoint_removal_is_wanted_only_while_the_room_is_open()
    {
        _bench.Run(new Leave(_ada.Session, LeaveReason.Left));
        var remove = _bench.Effects.OfType<RemoveEndpoint>().Single();
        Assert.That(Wanted.Wants(remove));
        _bench.Run(new Leave(_bob.Session, LeaveReason.Left));
        Assert.That(Wanted.Wants(remove), Is.False, "the room is closed");
    }

    [Test]
    public void Endpoint_removal_is_not_wanted_while_the_member_has_an_endpoint_in_the_room()
    {
        var room = Mute(true).Endpoint.Room;
        Assert.That(Wanted.Wants(new RemoveEndpoint(room.Epoch, room.Node, _ada.Number)), Is.False);
    }

    private UpdateEndpoint Mute(bool muted)
    {
        _bench.Forget();
        _bench.Run(new SetState(_ada.Session, muted, Deafened: false));
        var update = _bench.Effects.OfType<UpdateEndpoint>().Single();
        _bench.Forget();
        return update;
    }
}
