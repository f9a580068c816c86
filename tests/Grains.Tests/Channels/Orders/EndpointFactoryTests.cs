using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Orders;

/// <summary>Tests the ICE credentials and SSRCs of an endpoint, and the orders that contain them.</summary>
public sealed class EndpointFactoryTests
{
    private static readonly EndpointRef Endpoint =
        new(new LayoutEpoch(2), new Room(MachineBench.NodeA, MachineBench.Local, new RoomEpoch(3)), new MemberNumber(7), Generation: 1);

    private static readonly EndpointPermissions Listener = new(CanSpeak: false, CanListen: true);

    [Test]
    public void Ice_credentials_have_the_length_and_the_characters_of_RFC_8839()
    {
        var (ufrag, pwd) = EndpointFactory.IceCredentials();
        Assert.That((ufrag.Length, pwd.Length), Is.EqualTo((8, 24)));
        Assert.That(ufrag + pwd, Does.Match("^[A-Za-z0-9+/]+$"));
        Assert.That(EndpointFactory.IceCredentials(), Is.Not.EqualTo((ufrag, pwd)));
    }

    [Test]
    public void Ssrcs_are_unique_and_not_zero()
    {
        var ssrcs = EndpointFactory.Ssrcs(1_000);
        Assert.That(ssrcs, Has.Length.EqualTo(1_000).And.Unique);
        Assert.That(ssrcs, Has.None.EqualTo(new Ssrc(0)));
    }

    [Test]
    public void New_endpoint_has_credentials_and_an_ssrc_for_each_slot()
    {
        var spec = EndpointFactory.Create(Endpoint.Number, Listener, slots: 4, portable: true);
        Assert.That(spec.Number, Is.EqualTo(7));
        Assert.That((spec.CanSpeak, spec.CanListen, spec.Portable), Is.EqualTo((false, true, true)));
        Assert.That((spec.IceUfrag.Length, spec.IcePwd.Length, spec.SlotSsrcs.Count), Is.EqualTo((8, 24, 4)));
        Assert.That(spec.Ticket, Is.Empty);
    }

    [Test]
    public void Revived_endpoint_has_the_transport_ticket_instead_of_new_ICE_credentials()
    {
        var ticket = new TransportTicket("ufrag", [new Ssrc(1)], "AA", Version: 1, Sealed: [1, 2]);
        var spec = EndpointFactory.Revive(Endpoint.Number, Listener, ticket);
        Assert.That(spec.Ticket, Is.EqualTo(ticket.Sealed));
        Assert.That((spec.IceUfrag, spec.IcePwd, spec.SlotSsrcs.Count), Is.EqualTo(("", "", 0)));
        Assert.That((spec.Number, spec.CanSpeak, spec.CanListen), Is.EqualTo((7u, false, true)));
    }
}
