using Google.Protobuf;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Orders;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.Channels.Orders;

public sealed class NodeRepliesTests
{
    [Test]
    public void Opened_room_has_the_candidates_and_the_fingerprint_of_the_reply()
    {
        var reply = new Proto.OpenedRoom
        {
            Candidates =
            {
                new Proto.Candidate { Address = "192.0.2.1", Port = 40_000 },
                new Proto.Candidate { Address = "2001:db8::1", Port = 40_001 },
            },
            Fingerprint = "AA:BB",
        };
        var room = NodeReplies.Read(reply);
        Assert.That(room.Fingerprint, Is.EqualTo("AA:BB"));
        Assert.That(
            room.Candidates, Is.EqualTo(new[] { new NodeCandidate("192.0.2.1", 40_000), new NodeCandidate("2001:db8::1", 40_001) }));
    }

    [Test]
    public void Listed_endpoint_without_a_ticket_field_is_read_without_a_transport_ticket()
    {
        var reply = new Proto.ListedEndpoints
        {
            Endpoints = { new Proto.ListedEndpoint { Number = 3 }, new Proto.ListedEndpoint { Number = 4, Released = true } },
            Links = { "1-2" },
            Slots = { 3, 0 },
        };
        var listed = NodeReplies.Read(reply);
        Assert.That(
            listed.Endpoints,
            Is.EqualTo(new[] { new ListedEndpoint(new(3), null), new ListedEndpoint(new(4), null) { Released = true } }));
        Assert.That(listed.Links, Is.EqualTo(new[] { "1-2" }));
        Assert.That(listed.Slots, Is.EqualTo(new MemberNumber[] { new(3), default }));
    }

    [Test]
    public void All_fields_of_a_transport_ticket_are_read_from_the_protobuf_message()
    {
        var reply = new Proto.TransportTicket
        {
            IceUfrag = "ufrag",
            SlotSsrcs = { 7, 8 },
            Fingerprint = "AA",
            Version = 5,
            Sealed = ByteString.CopyFrom(1, 2),
        };
        var listed = new Proto.ListedEndpoints { Endpoints = { new Proto.ListedEndpoint { Number = 3, Ticket = reply } } };
        var ticket = NodeReplies.Read(listed).Endpoints.Single().Ticket!;
        Assert.That((ticket.IceUfrag, ticket.Fingerprint, ticket.Version), Is.EqualTo(("ufrag", "AA", 5L)));
        Assert.That(ticket.SlotSsrcs, Is.EqualTo(new Ssrc[] { new(7), new(8) }));
        Assert.That(ticket.Sealed, Is.EqualTo(new byte[] { 1, 2 }));
    }
}
