using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.MediaNodes;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.Testing;

/// <summary>Connects node grains to fake media nodes, which it finds by their control URLs.</summary>
internal sealed class FakeMediaNodes : IMediaNodeClientFactory
{
    private readonly ConcurrentDictionary<string, FakeMediaNode> _nodes = new();

    /// <summary>Starts a node process; an earlier process of the same node has ended.</summary>
    public FakeMediaNode Start(string id)
    {
        if (_nodes.TryGetValue($"http://{id}", out var earlier))
            earlier.Alive = false;
        return _nodes[$"http://{id}"] = new FakeMediaNode(id);
    }

    public FakeMediaNode Find(MediaNodeId node) => _nodes[$"http://{node}"];

    public IMediaNodeClient Connect(string controlUrl, string controlToken) => _nodes[controlUrl];
}

/// <summary>An endpoint in a room of a fake media node.</summary>
/// <param name="Ticket">The sealed ticket from which it was revived; empty: it is new.</param>
internal sealed record HeldEndpoint(
    ChannelId Channel, RoomEpoch Epoch, MemberNumber Number, string IceUfrag, bool CanSpeak, bool CanListen, byte[] Ticket);

/// <summary>A fake media node that executes and records orders. A dead node (<see cref="Alive"/> is false) does not answer.</summary>
/// <param name="synchronous">True: each call completes before it returns, so that a test needs no waiting.</param>
internal sealed class FakeMediaNode(string id, bool synchronous = false) : IMediaNodeClient
{
    private readonly Lock _gate = new();
    private readonly HashSet<(ChannelId Channel, RoomEpoch Epoch)> _rooms = [];
    private readonly Dictionary<(ChannelId Channel, RoomEpoch Epoch, MemberNumber Number), HeldEndpoint> _endpoints = [];
    private readonly List<string> _orders = [];

    public NodeRegistration Registration { get; } = new()
    {
        Node = new MediaNodeId(id),
        Region = new("local"),
        Incarnation = Guid.NewGuid(),
        ControlUrl = $"http://{id}",
        Version = "test",
        Workers = 1,
    };

    public volatile bool Alive = true;

    /// <summary>
    /// A function that returns the outcome code with which the node refuses an order; null lets the node execute the order.
    /// </summary>
    public Func<Proto.NodeOrder, Proto.OutcomeCode?> Refuse { get; set; } = _ => null;

    /// <summary>The sealed ticket of an endpoint that is handed over; null: there is none.</summary>
    public byte[]? HandOverTicket { get; set; } = [1];

    /// <summary>The numbers of the hand-overs.</summary>
    public List<ulong> HandOvers { get; } = [];

    /// <summary>True if the last drain request started a drain; the node reports it with its load.</summary>
    public bool Draining { get; private set; }

    public IReadOnlyCollection<(ChannelId Channel, RoomEpoch Epoch)> Rooms
    {
        get
        {
            lock (_gate)
                return [.. _rooms];
        }
    }

    public IReadOnlyCollection<HeldEndpoint> Endpoints
    {
        get
        {
            lock (_gate)
                return [.. _endpoints.Values];
        }
    }

    /// <summary>All executed orders in sequence, as texts like <c>AddEndpoint 3</c>.</summary>
    public IReadOnlyList<string> Orders
    {
        get
        {
            lock (_gate)
                return [.. _orders];
        }
    }

    /// <summary>The event that is raised after each executed order.</summary>
    public event Action? Executed;

    public async Task<Proto.OutcomeBatch> ExecuteAsync(Proto.OrderBatch orders)
    {
        // A real call never completes synchronously.
        if (!synchronous)
            await Task.Yield();
        var batch = new Proto.OutcomeBatch();
        foreach (var order in orders.Orders)
            batch.Outcomes.Add(Execute(order));
        return batch;
    }

    public async Task<(NodeOutcome Outcome, bool Draining)> DrainAsync(bool draining)
    {
        await Task.Yield();
        if (!Alive)
            return (NodeOutcome.Unreachable, false);
        Draining = draining;
        return (NodeOutcome.Done, Draining);
    }

    public Task<ProbeResult> ProbeAsync(Guid incarnation, TimeSpan timeout) =>
        Task.FromResult(Alive && incarnation == Registration.Incarnation ? ProbeResult.Alive : ProbeResult.Gone);

    public void Dispose()
    {
    }

    private Proto.Outcome Execute(Proto.NodeOrder order)
    {
        var outcome = new Proto.Outcome { Code = !Alive ? Proto.OutcomeCode.Unreachable : Refuse(order) ?? Proto.OutcomeCode.Done };
        if (outcome.Code != Proto.OutcomeCode.Done)
            return outcome;
        lock (_gate)
            Apply(order, outcome);
        Executed?.Invoke();
        return outcome;
    }

    private void Apply(Proto.NodeOrder order, Proto.Outcome outcome)
    {
        var (channel, epoch) = (ChannelId.Parse(order.Room.Channel), new RoomEpoch((int)order.Room.Epoch));
        switch (order.BodyCase)
        {
            case Proto.NodeOrder.BodyOneofCase.OpenRoom when Draining && !_rooms.Contains((channel, epoch)):
                outcome.Code = Proto.OutcomeCode.NoCapacity;
                return;
            case Proto.NodeOrder.BodyOneofCase.OpenRoom:
                _rooms.Add((channel, epoch));
                outcome.OpenedRoom = new()
                {
                    Candidates = { new Proto.Candidate { Address = "127.0.0.1", Port = 40_000 } },
                    Fingerprint = FingerprintOf(order.OpenRoom.Identity.Certificate),
                };
                break;
            case Proto.NodeOrder.BodyOneofCase.CloseRoom:
                _rooms.Remove((channel, epoch));
                break;
            case Proto.NodeOrder.BodyOneofCase.AddEndpoint:
                var add = order.AddEndpoint;
                var number = new MemberNumber(add.Number);
                _endpoints.Add(
                    (channel, epoch, number),
                    new(channel, epoch, number, add.IceUfrag, add.CanSpeak, add.CanListen, add.Ticket.ToByteArray()));
                break;
            case Proto.NodeOrder.BodyOneofCase.UpdateEndpoint:
                var key = (channel, epoch, new MemberNumber(order.UpdateEndpoint.Number));
                _endpoints[key] = _endpoints[key] with
                {
                    CanSpeak = order.UpdateEndpoint.CanSpeak,
                    CanListen = order.UpdateEndpoint.CanListen,
                };
                break;
            case Proto.NodeOrder.BodyOneofCase.RemoveEndpoint:
                _endpoints.Remove((channel, epoch, new MemberNumber(order.RemoveEndpoint.Number)));
                break;
            case Proto.NodeOrder.BodyOneofCase.ReleaseEndpoint:
                HandOvers.Add(order.ReleaseEndpoint.HandOver);
                outcome.ReleasedEndpoint = new() { Ticket = HandOverTicket is { } last ? TicketOf(last) : null };
                break;
            case Proto.NodeOrder.BodyOneofCase.ListEndpoints:
                outcome.ListedEndpoints = new()
                {
                    Endpoints =
                    {
                        _endpoints.Values
                            .Where(endpoint => endpoint.Channel == channel && endpoint.Epoch == epoch)
                            .Select(endpoint => new Proto.ListedEndpoint
                            {
                                Number = endpoint.Number.Value,
                                Ticket = endpoint.Ticket.Length > 0 ? TicketOf(endpoint.Ticket) : null,
                            }),
                    },
                };
                break;
        }

        _orders.Add(Describe(order));
    }

    private static Proto.TransportTicket TicketOf(byte[] content) =>
        new() { IceUfrag = "ufrag", SlotSsrcs = { 1 }, Fingerprint = "AA", Version = 1, Sealed = ByteString.CopyFrom(content) };

    private static string FingerprintOf(ByteString certificate) =>
        BitConverter.ToString(SHA256.HashData(certificate.Span)).Replace('-', ':');

    private static string Describe(Proto.NodeOrder order) => order.BodyCase switch
    {
        Proto.NodeOrder.BodyOneofCase.OpenRoom or Proto.NodeOrder.BodyOneofCase.CloseRoom or Proto.NodeOrder.BodyOneofCase.ListEndpoints =>
            $"{order.BodyCase} {order.Room.Epoch}",
        Proto.NodeOrder.BodyOneofCase.AddEndpoint => $"AddEndpoint {order.AddEndpoint.Number}",
        Proto.NodeOrder.BodyOneofCase.AcceptAnswer => $"AcceptAnswer {order.AcceptAnswer.Number}",
        Proto.NodeOrder.BodyOneofCase.UpdateEndpoint => $"UpdateEndpoint {order.UpdateEndpoint.Number}",
        Proto.NodeOrder.BodyOneofCase.RemoveEndpoint => $"RemoveEndpoint {order.RemoveEndpoint.Number}",
        Proto.NodeOrder.BodyOneofCase.RestartIce => $"RestartIce {order.RestartIce.Number}",
        Proto.NodeOrder.BodyOneofCase.ReleaseEndpoint => $"ReleaseEndpoint {order.ReleaseEndpoint.Number}",
        Proto.NodeOrder.BodyOneofCase.AddLink => $"AddLink {order.AddLink.Link}",
        Proto.NodeOrder.BodyOneofCase.RemoveLink => $"RemoveLink {order.RemoveLink.Link}",
        _ => order.BodyCase.ToString(),
    };
}
