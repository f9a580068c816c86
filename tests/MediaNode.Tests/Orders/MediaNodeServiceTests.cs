using Google.Protobuf;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Tests.Testing;
using Hype.MediaNode.Tests.Tickets;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Tests.Orders;

/// <summary>Tests the orders of media_node.proto over gRPC: their results, and the outcome of each refused order.</summary>
public sealed class MediaNodeServiceTests
{
    private const uint Slots = 3;

    private TestNode _node = null!;

    private MediaNodeControl.MediaNodeControlClient Client => _node.Client;

    [SetUp]
    public async Task Start() => _node = await TestNode.StartAsync();

    [TearDown]
    public async Task Stop() => await _node.DisposeAsync();

    [Test]
    public async Task Opening_a_room_twice_returns_the_same_outcome()
    {
        var first = await Client.SucceedAsync(Open(1));
        var again = await Client.SucceedAsync(Open(1));

        var candidate = first.OpenedRoom.Candidates.Single();
        Assert.That(candidate.Address, Is.EqualTo("192.0.2.1"));
        Assert.That(candidate.Port, Is.AnyOf(_node.Pool.Workers.Select(worker => (uint)worker.Port).ToArray()));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(_node.Pool.Workers.Sum(worker => worker.Counters.Rooms), Is.EqualTo(1));
    }

    [Test]
    public async Task Rooms_are_distributed_over_the_workers()
    {
        var first = await Client.SucceedAsync(Open(1, "one"));
        var second = await Client.SucceedAsync(Open(1, "two"));

        Assert.That(second.OpenedRoom.Candidates.Single().Port, Is.Not.EqualTo(first.OpenedRoom.Candidates.Single().Port));
    }

    [Test]
    public async Task Room_of_an_older_epoch_stays_open_beside_a_newer_room_and_cannot_be_reopened_once_closed()
    {
        await Client.SucceedAsync(Open(1));
        await Client.SucceedAsync(Open(2));

        Assert.That(_node.Pool.Workers.Sum(worker => worker.Counters.Rooms), Is.EqualTo(2), "members still talk in the old one");
        await Client.SucceedAsync(Close());
        Assert.That(await CodeAsync(Client, Open(1)), Is.EqualTo(OutcomeCode.StaleEpoch));
        Assert.That(_node.Pool.Workers.Sum(worker => worker.Counters.Rooms), Is.EqualTo(1));
    }

    [Test]
    public async Task Opening_an_existing_room_succeeds_even_if_a_newer_epoch_is_known()
    {
        var first = await Client.SucceedAsync(Open(1));
        await Client.SucceedAsync(Open(2));

        Assert.That(await Client.SucceedAsync(Open(1)), Is.EqualTo(first), "a moving channel retains its old room");
    }

    [Test]
    public async Task Opening_a_room_again_with_another_certificate_returns_the_first_fingerprint()
    {
        var another = Open(1);
        another.OpenRoom.Identity = new DtlsIdentity
        {
            Certificate = ByteString.CopyFrom(SelfSigned.Client.Certificate),
            PrivateKey = ByteString.CopyFrom(SelfSigned.Client.PrivateKey),
        };

        var first = await Client.SucceedAsync(Open(1));
        var again = await Client.SucceedAsync(another);

        Assert.That(first.OpenedRoom.Fingerprint, Is.EqualTo(CertificateFingerprint.Write(SelfSigned.Node.Sha256)));
        Assert.That(first.OpenedRoom.Fingerprint, Does.Match("^([0-9A-F]{2}:){31}[0-9A-F]{2}$"));
        Assert.That(again.OpenedRoom.Fingerprint, Is.EqualTo(first.OpenedRoom.Fingerprint));
    }

    [Test]
    public async Task Endpoint_created_from_a_ticket_is_listed_with_a_newer_ticket()
    {
        await Client.SucceedAsync(Open(1));
        await Client.SucceedAsync(Add(2));

        await Client.SucceedAsync(Revive(1));

        var listed = (await Client.SucceedAsync(List(1))).ListedEndpoints.Endpoints;
        Assert.That(listed.Select(each => each.Number), Is.EqualTo(new[] { 2u, 1u }));
        Assert.That(listed[0].Ticket, Is.Null);
        var ticket = listed[1].Ticket;
        Assert.That(ticket.IceUfrag, Is.EqualTo("ufrag7"));
        Assert.That(ticket.SlotSsrcs, Is.EqualTo(new[] { 70, 71, 72 }));
        Assert.That(ticket.Version, Is.GreaterThan(7));
        Assert.That(TransportTickets.TryUnseal(ticket.Sealed.Span, out _), Is.Not.Null);
    }

    [Test]
    public async Task Ticket_for_an_older_room_epoch_is_refused_by_a_node_with_a_newer_room_of_the_channel()
    {
        await Client.SucceedAsync(Open(2));

        Assert.That(await CodeAsync(Client, Open(1)), Is.EqualTo(OutcomeCode.StaleEpoch));
        Assert.That(await CodeAsync(Client, Revive(1)), Is.EqualTo(OutcomeCode.UnknownRoom));
        Assert.That(_node.Pool.Endpoints, Is.Zero);
    }

    [Test]
    public async Task Order_with_an_unusable_ticket_is_refused_with_the_name_of_the_invalid_field()
    {
        await Client.SucceedAsync(Open(1));
        await Assert.MultipleAsync(async () =>
        {
            await AssertInvalidAsync("ticket", Changed(Revive(1), order => order.AddEndpoint.Ticket = ByteString.CopyFrom(1, 2, 3)));
            await AssertInvalidAsync(
                "ticket",
                Changed(Revive(1), order => order.AddEndpoint.Ticket = ByteString.CopyFrom(order.AddEndpoint.Ticket.Span[..^1])));
            await AssertInvalidAsync("ticket", Changed(Revive(1), order => order.AddEndpoint.IceUfrag = "mine"));
            await AssertInvalidAsync("slot_ssrcs", Revive(1, slots: 4));
        });
        Assert.That(_node.Pool.Endpoints, Is.Zero);
    }

    [Test]
    public async Task ICE_restart_with_invalid_credentials_or_for_an_unknown_endpoint_is_refused()
    {
        await Client.SucceedAsync(Open(1));
        await Client.SucceedAsync(Add(1));
        await Client.SucceedAsync(Add(2));
        var restart = new NodeOrder
        {
            Room = Room(1),
            RestartIce = new() { Number = 1, IceUfrag = "restarted", IcePwd = new string('q', 22) },
        };

        await Client.SucceedAsync(restart);
        await Client.SucceedAsync(restart);

        await AssertInvalidAsync("ice_ufrag", Changed(restart.Clone(), order => order.RestartIce.IceUfrag = "a:b"));
        await AssertInvalidAsync("ice_pwd", Changed(restart.Clone(), order => order.RestartIce.IcePwd = "short"));
        Assert.That(
            await CodeAsync(Client, Changed(restart.Clone(), order => order.RestartIce.Number = 2)),
            Is.EqualTo(OutcomeCode.AlreadyExists));
        Assert.That(
            await CodeAsync(Client, Changed(restart.Clone(), order => order.RestartIce.Number = 3)),
            Is.EqualTo(OutcomeCode.UnknownEndpoint));
        Assert.That(await CodeAsync(Client, List(9)), Is.EqualTo(OutcomeCode.UnknownRoom));
    }

    [Test]
    public async Task Closing_a_room_closes_its_endpoints_and_closing_it_again_succeeds()
    {
        await Client.SucceedAsync(Open(1));
        await Client.SucceedAsync(Add(1));

        await Client.SucceedAsync(Close());
        await Client.SucceedAsync(Close());

        Assert.That(_node.Pool.Endpoints, Is.Zero);
        Assert.That(await CodeAsync(Client, Add(2)), Is.EqualTo(OutcomeCode.UnknownRoom));
    }

    [Test]
    public async Task Orders_to_add_answer_update_and_remove_an_endpoint_succeed()
    {
        await Client.SucceedAsync(Open(1));

        await Client.SucceedAsync(Add(1));
        await Client.SucceedAsync(Answer(1));
        await Client.SucceedAsync(Update(1));
        Assert.That(_node.Pool.Endpoints, Is.EqualTo(1));
        await Client.SucceedAsync(Remove(1));

        Assert.That(_node.Pool.Endpoints, Is.Zero);
    }

    [Test]
    public async Task Orders_for_an_unknown_room_and_an_unknown_endpoint_have_different_outcomes()
    {
        Assert.That(await CodeAsync(Client, Add(1)), Is.EqualTo(OutcomeCode.UnknownRoom));
        await Client.SucceedAsync(Open(1));
        Assert.That(await CodeAsync(Client, Answer(1)), Is.EqualTo(OutcomeCode.UnknownEndpoint));
        Assert.That(await CodeAsync(Client, Update(1)), Is.EqualTo(OutcomeCode.UnknownEndpoint));
        Assert.That(
            await CodeAsync(Client, new NodeOrder { Room = Room(1), ReleaseEndpoint = new() { Number = 1, HandOver = 1 } }),
            Is.EqualTo(OutcomeCode.UnknownEndpoint));
    }

    [Test]
    public async Task Release_without_the_number_of_its_hand_over_is_invalid()
    {
        await Client.SucceedAsync(Open(1));
        Assert.That(
            await CodeAsync(Client, new NodeOrder { Room = Room(1), ReleaseEndpoint = new() { Number = 1 } }),
            Is.EqualTo(OutcomeCode.InvalidOrder));
    }

    [Test]
    public async Task Removing_an_endpoint_that_does_not_exist_succeeds()
    {
        await Client.SucceedAsync(Remove(1));
        await Client.SucceedAsync(Open(1));
        await Client.SucceedAsync(Remove(1));
    }

    [Test]
    public async Task Batch_is_executed_in_order_and_continues_after_a_refused_order()
    {
        var outcomes = await Client.ExecuteAsync(new OrderBatch { Orders = { Open(1), Add(1), Add(1), Remove(1), Add(1), List(1) } });

        Assert.That(outcomes.Outcomes.Select(outcome => outcome.Code), Is.EqualTo(new[]
        {
            OutcomeCode.Done, OutcomeCode.Done, OutcomeCode.AlreadyExists, OutcomeCode.Done, OutcomeCode.Done, OutcomeCode.Done,
        }));
        Assert.That(outcomes.Outcomes[^1].ListedEndpoints.Endpoints.Select(endpoint => endpoint.Number), Is.EqualTo(new[] { 1u }));
    }

    [Test]
    public async Task Order_without_a_command_is_refused() => await AssertInvalidAsync("body", new NodeOrder { Room = Room(1) });

    [Test]
    public async Task Endpoint_with_the_ufrag_or_the_member_number_of_another_endpoint_is_refused()
    {
        await Client.SucceedAsync(Open(1));
        await Client.SucceedAsync(Add(1));

        Assert.That(await CodeAsync(Client, Add(1)), Is.EqualTo(OutcomeCode.AlreadyExists));
        var sameUfrag = Add(2);
        sameUfrag.AddEndpoint.IceUfrag = Add(1).AddEndpoint.IceUfrag;
        Assert.That(await CodeAsync(Client, sameUfrag), Is.EqualTo(OutcomeCode.AlreadyExists));
    }

    [Test]
    public async Task Order_with_an_invalid_field_is_refused_with_the_name_of_the_field()
    {
        await Client.SucceedAsync(Open(1));
        await Assert.MultipleAsync(async () =>
        {
            await AssertInvalidAsync("room.channel", Open(1, channel: ""));
            await AssertInvalidAsync("room.channel", new NodeOrder { OpenRoom = new() { Slots = 1 } });
            await AssertInvalidAsync("slots", Changed(Open(3), order => order.OpenRoom.Slots = 33));
            await AssertInvalidAsync("slots", Changed(Open(3), order => order.OpenRoom.Slots = 0));
            await AssertInvalidAsync("identity", Changed(Open(3), order => order.OpenRoom.Identity = null));
            await AssertInvalidAsync(
                "identity", Changed(Open(3), order => order.OpenRoom.Identity.Certificate = ByteString.CopyFrom(1, 2, 3)));
            await AssertInvalidAsync("number", Changed(Add(1), order => order.AddEndpoint.Number = 0));
            await AssertInvalidAsync("ice_ufrag", Changed(Add(1), order => order.AddEndpoint.IceUfrag = "abc"));
            await AssertInvalidAsync("ice_ufrag", Changed(Add(1), order => order.AddEndpoint.IceUfrag = "ab:cd"));
            await AssertInvalidAsync("ice_pwd", Changed(Add(1), order => order.AddEndpoint.IcePwd = new string('x', 21)));
            await AssertInvalidAsync(
                "slot_ssrcs", Changed(Add(1), order => order.AddEndpoint.SlotSsrcs[0] = order.AddEndpoint.SlotSsrcs[1]));
            await AssertInvalidAsync("slot_ssrcs", Changed(Add(1), order => order.AddEndpoint.SlotSsrcs.Add(99)));
        });
        await Client.SucceedAsync(Add(1));
        await AssertInvalidAsync("ice_pwd", Changed(Answer(1), order => order.AcceptAnswer.IcePwd = "short"));
        Assert.That(
            await CodeAsync(Client, Changed(Answer(1), order => order.AcceptAnswer.FingerprintAlgorithm = "sha-1")),
            Is.EqualTo(OutcomeCode.InvalidFingerprint));
    }

    [Test]
    public async Task Node_at_its_endpoint_limit_refuses_new_rooms_and_new_endpoints()
    {
        await using var full = await TestNode.StartAsync(settings: ("MaxEndpoints", "1"));
        await full.Client.SucceedAsync(Open(1));
        await full.Client.SucceedAsync(Add(1));

        Assert.That(await CodeAsync(full.Client, Add(2)), Is.EqualTo(OutcomeCode.NoCapacity));
        Assert.That(await CodeAsync(full.Client, Open(1, "another")), Is.EqualTo(OutcomeCode.NoCapacity));
        await full.Client.SucceedAsync(Open(1));
    }

    [Test]
    public async Task Order_to_a_stopped_node_returns_the_outcome_unreachable()
    {
        await Client.SucceedAsync(Open(1));
        await _node.StopAsync();

        Assert.That(await CodeAsync(Client, Add(1)), Is.EqualTo(OutcomeCode.Unreachable));
    }

    [Test]
    public async Task Probe_returns_the_node_id_and_a_constant_incarnation_id()
    {
        var reply = await Client.ProbeAsync(new ProbeRequest());

        Assert.That(reply.NodeId, Is.EqualTo("node-1"));
        Assert.That(Guid.TryParse(reply.Incarnation, out _), Is.True);
        Assert.That((await Client.ProbeAsync(new ProbeRequest())).Incarnation, Is.EqualTo(reply.Incarnation));
    }

    private static RoomKey Room(uint epoch, string channel = "lobby") => new() { Channel = channel, Epoch = epoch };

    private static NodeOrder Open(uint epoch, string channel = "lobby") => new()
    {
        Room = Room(epoch, channel),
        OpenRoom = new()
        {
            Slots = Slots,
            Identity = new()
            {
                Certificate = ByteString.CopyFrom(SelfSigned.Node.Certificate),
                PrivateKey = ByteString.CopyFrom(SelfSigned.Node.PrivateKey),
            },
        },
    };

    private static NodeOrder Close() => new() { Room = Room(1), CloseRoom = new() };

    private static NodeOrder Add(uint number) => new()
    {
        Room = Room(1),
        AddEndpoint = new()
        {
            Number = number,
            IceUfrag = $"ufrag{number}",
            IcePwd = new string('p', 22),
            SlotSsrcs = { Enumerable.Range(0, (int)Slots).Select(slot => (number * 100) + (uint)slot) },
        },
    };

    private static NodeOrder Revive(uint number, int slots = (int)Slots)
    {
        using var ticket = SampleTicket.New(slots: slots);
        return new()
        {
            Room = Room(1),
            AddEndpoint = new() { Number = number, Portable = true, Ticket = ByteString.CopyFrom(TransportTickets.Seal(ticket)) },
        };
    }

    private static NodeOrder Answer(uint number) => new()
    {
        Room = Room(1),
        AcceptAnswer = new()
        {
            Number = number,
            IceUfrag = "client",
            IcePwd = new string('c', 22),
            FingerprintAlgorithm = "sha-256",
            Fingerprint = ByteString.CopyFrom(SelfSigned.Client.Sha256),
        },
    };

    private static NodeOrder Update(uint number) => new() { Room = Room(1), UpdateEndpoint = new() { Number = number } };

    private static NodeOrder Remove(uint number) => new() { Room = Room(1), RemoveEndpoint = new() { Number = number } };

    private static NodeOrder List(uint epoch) => new() { Room = Room(epoch), ListEndpoints = new() };

    private static NodeOrder Changed(NodeOrder order, Action<NodeOrder> change)
    {
        change(order);
        return order;
    }

    private static async Task<OutcomeCode> CodeAsync(MediaNodeControl.MediaNodeControlClient client, NodeOrder order) =>
        (await client.ExecuteAsync(order)).Code;

    private async Task AssertInvalidAsync(string field, NodeOrder order)
    {
        var outcome = await Client.ExecuteAsync(order);
        Assert.That(outcome.Code, Is.EqualTo(OutcomeCode.InvalidOrder), field);
        Assert.That(outcome.Detail, Does.Contain(field));
    }
}
