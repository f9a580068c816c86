using Google.Protobuf;
using Grpc.Core;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Tests.Testing;
using Hype.MediaNode.Tests.Tickets;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Tests.Orders;

/// <summary>media_node.proto on the wire: successes, and the status of each failure.</summary>
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
    public async Task Opening_a_room_again_returns_the_same_answer()
    {
        var first = await Client.OpenRoomAsync(Open(1));
        var again = await Client.OpenRoomAsync(Open(1));

        var candidate = first.Candidates.Single();
        Assert.That(candidate.Address, Is.EqualTo("192.0.2.1"));
        Assert.That(candidate.Port, Is.AnyOf(_node.Pool.Workers.Select(worker => (uint)worker.Port).ToArray()));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(_node.Pool.Workers.Sum(worker => worker.Counters.Rooms), Is.EqualTo(1));
    }

    [Test]
    public async Task Rooms_are_distributed_over_the_workers()
    {
        var first = await Client.OpenRoomAsync(Open(1, "one"));
        var second = await Client.OpenRoomAsync(Open(1, "two"));

        Assert.That(second.Candidates.Single().Port, Is.Not.EqualTo(first.Candidates.Single().Port));
    }

    [Test]
    public async Task Older_epoch_is_not_opened_again_and_a_newer_one_exists_beside_it()
    {
        await Client.OpenRoomAsync(Open(1));
        await Client.OpenRoomAsync(Open(2));

        Assert.That(_node.Pool.Workers.Sum(worker => worker.Counters.Rooms), Is.EqualTo(2), "members still talk in the old one");
        await Client.CloseRoomAsync(new CloseRoomRequest { Room = Room(1) });
        Assert.That(Status(() => Client.OpenRoomAsync(Open(1))), Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(_node.Pool.Workers.Sum(worker => worker.Counters.Rooms), Is.EqualTo(1));
    }

    [Test]
    public async Task Existing_room_is_answered_even_if_a_newer_one_is_known()
    {
        var first = await Client.OpenRoomAsync(Open(1));
        await Client.OpenRoomAsync(Open(2));

        Assert.That(await Client.OpenRoomAsync(Open(1)), Is.EqualTo(first), "a moving channel retains its old room");
    }

    [Test]
    public async Task Room_reports_the_fingerprint_of_its_first_certificate()
    {
        var another = Open(1);
        another.Identity = new DtlsIdentity { Certificate = ByteString.CopyFrom(SelfSigned.Client.Certificate), PrivateKey = ByteString.CopyFrom(SelfSigned.Client.PrivateKey) };

        var first = await Client.OpenRoomAsync(Open(1));
        var again = await Client.OpenRoomAsync(another);

        Assert.That(first.Fingerprint, Is.EqualTo(CertificateFingerprint.Write(SelfSigned.Node.Sha256)));
        Assert.That(first.Fingerprint, Does.Match("^([0-9A-F]{2}:){31}[0-9A-F]{2}$"));
        Assert.That(again.Fingerprint, Is.EqualTo(first.Fingerprint));
    }

    [Test]
    public async Task Ticket_creates_an_endpoint_that_is_listed_with_a_new_ticket()
    {
        await Client.OpenRoomAsync(Open(1));
        await Client.AddEndpointAsync(Add(2));

        await Client.AddEndpointAsync(Revive(1));

        var listed = (await Client.ListEndpointsAsync(new ListEndpointsRequest { Room = Room(1) })).Endpoints;
        Assert.That(listed.Select(each => each.Number), Is.EqualTo(new[] { 2u, 1u }));
        Assert.That(listed[0].Ticket, Is.Null);
        var ticket = listed[1].Ticket;
        Assert.That(ticket.IceUfrag, Is.EqualTo("ufrag7"));
        Assert.That(ticket.SlotSsrcs, Is.EqualTo(new[] { 70, 71, 72 }));
        Assert.That(ticket.Version, Is.GreaterThan(7));
        Assert.That(TransportTickets.TryUnseal(ticket.Sealed.Span, out _), Is.Not.Null);
    }

    [Test]
    public async Task Ticket_is_refused_on_a_node_that_knows_a_newer_room_of_the_channel()
    {
        await Client.OpenRoomAsync(Open(2));

        Assert.That(Status(() => Client.OpenRoomAsync(Open(1))), Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(Status(() => Client.AddEndpointAsync(Revive(1))), Is.EqualTo(StatusCode.NotFound));
        Assert.That(_node.Pool.Endpoints, Is.Zero);
    }

    [Test]
    public async Task Unusable_ticket_is_refused_with_its_reason()
    {
        await Client.OpenRoomAsync(Open(1));
        Assert.Multiple(() =>
        {
            AssertInvalid("ticket", () => Client.AddEndpointAsync(Changed(Revive(1), add => add.Ticket = ByteString.CopyFrom(1, 2, 3))));
            AssertInvalid("ticket", () => Client.AddEndpointAsync(Changed(Revive(1), add => add.Ticket = ByteString.CopyFrom(add.Ticket.Span[..^1]))));
            AssertInvalid("ticket", () => Client.AddEndpointAsync(Changed(Revive(1), add => add.IceUfrag = "mine")));
            AssertInvalid("slot_ssrcs", () => Client.AddEndpointAsync(Revive(1, slots: 4)));
        });
        Assert.That(_node.Pool.Endpoints, Is.Zero);
    }

    [Test]
    public async Task ICE_restart_needs_valid_credentials_and_an_existing_endpoint()
    {
        await Client.OpenRoomAsync(Open(1));
        await Client.AddEndpointAsync(Add(1));
        await Client.AddEndpointAsync(Add(2));
        var restart = new RestartIceRequest { Room = Room(1), Number = 1, IceUfrag = "restarted", IcePwd = new string('q', 22) };

        await Client.RestartIceAsync(restart);
        await Client.RestartIceAsync(restart);

        AssertInvalid("ice_ufrag", () => Client.RestartIceAsync(Changed(restart.Clone(), changed => changed.IceUfrag = "a:b")));
        AssertInvalid("ice_pwd", () => Client.RestartIceAsync(Changed(restart.Clone(), changed => changed.IcePwd = "short")));
        Assert.That(Status(() => Client.RestartIceAsync(Changed(restart.Clone(), changed => changed.Number = 2))), Is.EqualTo(StatusCode.AlreadyExists));
        Assert.That(Status(() => Client.RestartIceAsync(Changed(restart.Clone(), changed => changed.Number = 3))), Is.EqualTo(StatusCode.NotFound));
        Assert.That(Status(() => Client.ListEndpointsAsync(new ListEndpointsRequest { Room = Room(9) })), Is.EqualTo(StatusCode.NotFound));
    }

    [Test]
    public async Task Closing_a_room_closes_its_endpoints_and_closing_it_again_succeeds()
    {
        await Client.OpenRoomAsync(Open(1));
        await Client.AddEndpointAsync(Add(1));

        await Client.CloseRoomAsync(new CloseRoomRequest { Room = Room(1) });
        await Client.CloseRoomAsync(new CloseRoomRequest { Room = Room(1) });

        Assert.That(_node.Pool.Endpoints, Is.Zero);
        Assert.That(Status(() => Client.AddEndpointAsync(Add(2))), Is.EqualTo(StatusCode.NotFound));
    }

    [Test]
    public async Task Endpoint_is_added_answered_updated_and_removed()
    {
        await Client.OpenRoomAsync(Open(1));

        await Client.AddEndpointAsync(Add(1));
        await Client.AcceptAnswerAsync(Answer(1));
        await Client.UpdateEndpointAsync(new UpdateEndpointRequest { Room = Room(1), Number = 1 });
        Assert.That(_node.Pool.Endpoints, Is.EqualTo(1));
        await Client.RemoveEndpointAsync(new RemoveEndpointRequest { Room = Room(1), Number = 1 });

        Assert.That(_node.Pool.Endpoints, Is.Zero);
    }

    [Test]
    public async Task Unknown_room_or_endpoint_is_NOT_FOUND()
    {
        Assert.That(Status(() => Client.AddEndpointAsync(Add(1))), Is.EqualTo(StatusCode.NotFound));
        await Client.OpenRoomAsync(Open(1));
        Assert.That(Status(() => Client.AcceptAnswerAsync(Answer(1))), Is.EqualTo(StatusCode.NotFound));
        Assert.That(Status(() => Client.UpdateEndpointAsync(new UpdateEndpointRequest { Room = Room(1), Number = 1 })), Is.EqualTo(StatusCode.NotFound));
        Assert.That(Status(() => Client.RemoveEndpointAsync(new RemoveEndpointRequest { Room = Room(1), Number = 1 })), Is.EqualTo(StatusCode.NotFound));
    }

    [Test]
    public async Task Duplicate_ufrag_or_number_is_ALREADY_EXISTS()
    {
        await Client.OpenRoomAsync(Open(1));
        await Client.AddEndpointAsync(Add(1));

        Assert.That(Status(() => Client.AddEndpointAsync(Add(1))), Is.EqualTo(StatusCode.AlreadyExists));
        var sameUfrag = Add(2);
        sameUfrag.IceUfrag = Add(1).IceUfrag;
        Assert.That(Status(() => Client.AddEndpointAsync(sameUfrag)), Is.EqualTo(StatusCode.AlreadyExists));
    }

    [Test]
    public async Task Invalid_field_is_named()
    {
        await Client.OpenRoomAsync(Open(1));
        Assert.Multiple(() =>
        {
            AssertInvalid("room.channel", () => Client.OpenRoomAsync(Open(1, channel: "")));
            AssertInvalid("room.channel", () => Client.OpenRoomAsync(new OpenRoomRequest { Slots = 1 }));
            AssertInvalid("slots", () => Client.OpenRoomAsync(Changed(Open(3), open => open.Slots = 33)));
            AssertInvalid("slots", () => Client.OpenRoomAsync(Changed(Open(3), open => open.Slots = 0)));
            AssertInvalid("identity", () => Client.OpenRoomAsync(Changed(Open(3), open => open.Identity = null)));
            AssertInvalid("identity", () => Client.OpenRoomAsync(Changed(Open(3), open => open.Identity.Certificate = ByteString.CopyFrom(1, 2, 3))));
            AssertInvalid("number", () => Client.AddEndpointAsync(Changed(Add(1), add => add.Number = 0)));
            AssertInvalid("ice_ufrag", () => Client.AddEndpointAsync(Changed(Add(1), add => add.IceUfrag = "abc")));
            AssertInvalid("ice_ufrag", () => Client.AddEndpointAsync(Changed(Add(1), add => add.IceUfrag = "ab:cd")));
            AssertInvalid("ice_pwd", () => Client.AddEndpointAsync(Changed(Add(1), add => add.IcePwd = new string('x', 21))));
            AssertInvalid("slot_ssrcs", () => Client.AddEndpointAsync(Changed(Add(1), add => add.SlotSsrcs[0] = add.SlotSsrcs[1])));
            AssertInvalid("slot_ssrcs", () => Client.AddEndpointAsync(Changed(Add(1), add => add.SlotSsrcs.Add(99))));
        });
        await Client.AddEndpointAsync(Add(1));
        AssertInvalid("fingerprint", () => Client.AcceptAnswerAsync(Changed(Answer(1), answer => answer.FingerprintAlgorithm = "sha-1")));
    }

    [Test]
    public async Task Full_node_answers_RESOURCE_EXHAUSTED()
    {
        await using var full = await TestNode.StartAsync(settings: ("MaxEndpoints", "1"));
        await full.Client.OpenRoomAsync(Open(1));
        await full.Client.AddEndpointAsync(Add(1));

        Assert.That(Status(() => full.Client.AddEndpointAsync(Add(2))), Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(Status(() => full.Client.OpenRoomAsync(Open(1, "another"))), Is.EqualTo(StatusCode.ResourceExhausted));
        await full.Client.OpenRoomAsync(Open(1));
    }

    [Test]
    public async Task Stopping_node_answers_UNAVAILABLE()
    {
        await Client.OpenRoomAsync(Open(1));
        await _node.StopAsync();

        Assert.That(Status(() => Client.AddEndpointAsync(Add(1))), Is.EqualTo(StatusCode.Unavailable));
    }

    [Test]
    public async Task Probe_returns_node_and_incarnation()
    {
        var reply = await Client.ProbeAsync(new ProbeRequest());

        Assert.That(reply.NodeId, Is.EqualTo("node-1"));
        Assert.That(Guid.TryParse(reply.Incarnation, out _), Is.True);
        Assert.That((await Client.ProbeAsync(new ProbeRequest())).Incarnation, Is.EqualTo(reply.Incarnation));
    }

    private static RoomKey Room(uint epoch, string channel = "lobby") => new() { Channel = channel, Epoch = epoch };

    private static OpenRoomRequest Open(uint epoch, string channel = "lobby") => new()
    {
        Room = Room(epoch, channel),
        Slots = Slots,
        Identity = new DtlsIdentity { Certificate = ByteString.CopyFrom(SelfSigned.Node.Certificate), PrivateKey = ByteString.CopyFrom(SelfSigned.Node.PrivateKey) },
    };

    private static AddEndpointRequest Add(uint number) => new()
    {
        Room = Room(1),
        Number = number,
        IceUfrag = $"ufrag{number}",
        IcePwd = new string('p', 22),
        SlotSsrcs = { Enumerable.Range(0, (int)Slots).Select(slot => (number * 100) + (uint)slot) },
    };

    private static AddEndpointRequest Revive(uint number, int slots = (int)Slots)
    {
        using var ticket = SampleTicket.New(slots: slots);
        return new() { Room = Room(1), Number = number, Portable = true, Ticket = ByteString.CopyFrom(TransportTickets.Seal(ticket)) };
    }

    private static AcceptAnswerRequest Answer(uint number) => new()
    {
        Room = Room(1),
        Number = number,
        FingerprintAlgorithm = "sha-256",
        Fingerprint = ByteString.CopyFrom(SelfSigned.Client.Sha256),
    };

    private static T Changed<T>(T message, Action<T> change)
    {
        change(message);
        return message;
    }

    private static StatusCode Status<T>(Func<AsyncUnaryCall<T>> call) => Error(call).StatusCode;

    private static RpcException Error<T>(Func<AsyncUnaryCall<T>> call) => Assert.ThrowsAsync<RpcException>(async () => await call())!;

    private static void AssertInvalid<T>(string field, Func<AsyncUnaryCall<T>> call)
    {
        var error = Error(call);
        Assert.That(error.StatusCode, Is.EqualTo(StatusCode.InvalidArgument), field);
        Assert.That(error.Status.Detail, Does.Contain(field));
    }
}
