using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tests.Workers;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Tests.Tickets;

/// <summary>
/// A node of a <see cref="MovingCluster"/>, with the control plane's knowledge of the node: messages arrive late, acknowledgements arrive
/// late or never.
/// </summary>
internal sealed class MovingNode(WorkerBench bench, Random random)
{
    private const long LongestDelay = 400_000;
    private const long MessageInterval = 250_000;
    private const long Silence = 5_000_000;

    private readonly Queue<Message> _sent = new();
    private readonly List<Message> _unacknowledged = [];
    private readonly HashSet<TicketReceipt> _ended = [];
    private readonly List<(long At, Message Last)> _acknowledgements = [];
    private int _sentEvents;
    private long _nextMessage;
    private long _arrival;

    public WorkerBench Bench => bench;

    public bool IsDead { get; set; }

    /// <summary>True if neither messages nor acknowledgements pass between the node and the control plane.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>The newest ticket of this node that the control plane has for each member of the room.</summary>
    public Dictionary<uint, IssuedTicket> Held { get; } = [];

    /// <summary>The time at which the control plane last received a message from the node.</summary>
    public long HeardAt { get; private set; } = bench.Now;

    public Action<uint> OnConnected { get; set; } = static _ => { };

    public void Turn()
    {
        bench.Turn();
        var now = bench.Now;
        if (IsCutOff)
            return;
        if (now >= _nextMessage)
        {
            _nextMessage = now + MessageInterval;
            Send(now);
        }

        while (_sent.TryPeek(out var message) && message.Arrival <= now)
            Receive(_sent.Dequeue(), now);
        foreach (var acknowledgement in _acknowledgements.Where(each => each.At <= now).ToArray())
        {
            _acknowledgements.Remove(acknowledgement);
            Acknowledge(acknowledgement.Last);
        }
    }

    private void Send(long now)
    {
        _arrival = Math.Max(_arrival, now + random.NextInt64(LongestDelay));
        var message = new Message(now, _arrival, bench.Events[_sentEvents..]);
        _sentEvents = bench.Events.Count;
        _sent.Enqueue(message);
        _unacknowledged.Add(message);
    }

    private void Receive(Message message, long now)
    {
        if (now - HeardAt > Silence)
            Held.Clear();
        HeardAt = now;
        foreach (var happened in message.Events)
        {
            if (happened.Kind == RoomEventKind.Ticket)
                Store(happened.Number.Value, happened.Ticket!);
            else if (happened.Kind == RoomEventKind.Connected)
                OnConnected(happened.Number.Value);
        }

        if (random.Next(10) > 0)
            _acknowledgements.Add((now + random.NextInt64(LongestDelay), message));
    }

    /// <summary>
    /// Removes the member's transport from this node, because the member gets a new transport; later events of the removed one are
    /// ignored.
    /// </summary>
    public void End(uint number)
    {
        Held.Remove(number);
        _ended.UnionWith(bench.Tickets(number).Select(ticket => ticket.Receipt));
        bench.Worker.RemoveEndpoint(WorkerBench.Room, number);
    }

    /// <summary>Hands over the endpoints of all members, and stores the last ticket of each.</summary>
    public void Release()
    {
        Held.Clear();
        foreach (var (number, _, _) in List())
        {
            if (Release(number) is { } last)
                Held[number] = last;
        }
    }

    /// <summary>Hands over the endpoint of a member. Returns its last ticket, or null if there is none.</summary>
    public IssuedTicket? Release(uint number) =>
        bench.Worker.ReleaseEndpoint(WorkerBench.Room, number, handOver: (ulong)random.NextInt64(1, long.MaxValue)).Ticket;

    /// <summary>Returns the node's list of the room.</summary>
    public IEnumerable<(uint Number, IssuedTicket? Ticket, bool IsReleased)> List() =>
        bench.Worker.ListEndpoints(WorkerBench.Room)!.Select(listed => (listed.Number.Value, listed.Ticket, listed.IsReleased));

    private void Store(uint number, IssuedTicket ticket)
    {
        if (_ended.Contains(ticket.Receipt))
            return;
        if (!Held.TryGetValue(number, out var held) || held.Version < ticket.Version)
            Held[number] = ticket;
    }

    // Acknowledges this message and all before it.
    private void Acknowledge(Message last)
    {
        bench.Contact.Record(last.SentAt);
        foreach (var message in _unacknowledged.TakeWhile(message => message.SentAt <= last.SentAt).ToArray())
        {
            _unacknowledged.Remove(message);
            foreach (var happened in message.Events)
                happened.Ticket?.Receipt.Acknowledge(happened.Ticket.Version);
        }
    }

    private sealed record Message(long SentAt, long Arrival, List<RoomEvent> Events);
}
