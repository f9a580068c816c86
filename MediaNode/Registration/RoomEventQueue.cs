using System.Threading.Channels;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Registration;

/// <summary>
/// The queue of room events that the control plane has not acknowledged. Workers write events; the registration takes batches and reports
/// their acknowledgement. While the control plane is away the queue does not grow with time: of tickets, speakers and qualities only the
/// newest is stored. A full queue drops qualities first, then speakers (newer values follow), then <c>connected</c> and <c>linkLost</c>
/// (the channel later lists its endpoints). It never drops a ticket or a <c>closed</c>: their number is bounded by the number of
/// endpoints, which only the control plane adds.
/// </summary>
internal sealed class RoomEventQueue(ControlMetrics metrics) : ChannelWriter<RoomEvent>
{
    private const int MaxQualities = 10_000;
    private const int MaxSpeakers = 10_000;
    private const int MaxChanges = 100_000;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // In the order of the events.
    private Queue<RoomEvent> _changes = new();

    // Sent on the current stream and not acknowledged.
    private readonly Queue<EventBatch> _sent = new();
    private int _sentChanges;

    // The newest ticket of each endpoint without an acknowledgement: waiting to be sent, and sent on the current stream.
    private readonly Dictionary<(RoomKey Room, MemberNumber Number), RoomEvent> _tickets = [];
    private readonly Dictionary<(RoomKey Room, MemberNumber Number), RoomEvent> _sentTickets = [];

    private readonly Dictionary<RoomKey, RoomEvent> _speakers = [];
    private readonly Dictionary<(RoomKey Room, MemberNumber Number), RoomEvent> _qualities = [];

    public override bool TryWrite(RoomEvent item)
    {
        bool taken;
        lock (_lock)
            taken = Add(item);
        if (taken)
            _signal.Writer.TryWrite(true);
        else
            metrics.EventDropped();
        return taken;
    }

    /// <summary>Completes at once: <see cref="TryWrite"/> decides whether the queue has room.</summary>
    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);

    /// <summary>Waits until the queue contains events for <see cref="Take"/>.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.Reader.WaitToReadAsync(cancellationToken).AsTask();

    /// <summary>
    /// Returns the next events, at most <paramref name="most"/>; null if there are no events. An endpoint's changes come before its
    /// ticket, because the ticket belongs to the newest change. The queue retains the events until <see cref="Acknowledge"/>.
    /// </summary>
    public EventBatch? Take(int most)
    {
        _signal.Reader.TryRead(out _);
        var (changes, tickets, latest) = (new List<RoomEvent>(), new List<RoomEvent>(), new List<RoomEvent>());
        lock (_lock)
        {
            while (changes.Count < most && _changes.TryDequeue(out var change))
                changes.Add(change);
            Move(_tickets, tickets, most - changes.Count);
            Move(_speakers, latest, most - changes.Count - tickets.Count);
            Move(_qualities, latest, most - changes.Count - tickets.Count - latest.Count);
            if (_changes.Count + _tickets.Count + _speakers.Count + _qualities.Count > 0)
                _signal.Writer.TryWrite(true);
            if (changes.Count + tickets.Count + latest.Count == 0)
                return null;
            var batch = new EventBatch(changes, tickets, latest);
            _sent.Enqueue(batch);
            _sentChanges += changes.Count;
            foreach (var ticket in tickets)
                _sentTickets[(ticket.Room, ticket.Number)] = ticket;
            return batch;
        }
    }

    /// <summary>
    /// Acknowledges the oldest batch that the gateway had not acknowledged. Events of the channels in <paramref name="missed"/> are queued
    /// again. They are sent with the next heartbeat and not at once, which limits the rate of retries for channels that cannot be
    /// notified.
    /// </summary>
    public void Acknowledge(IReadOnlySet<string> missed)
    {
        lock (_lock)
        {
            var batch = _sent.Dequeue();
            _sentChanges -= batch.Changes.Count;
            foreach (var acknowledged in batch.Tickets)
            {
                var (ticket, endpoint) = (acknowledged.Ticket!, (acknowledged.Room, acknowledged.Number));
                var isMissed = missed.Contains(acknowledged.Room.Channel);
                if (!isMissed)
                    ticket.Receipt.Acknowledge(ticket.Version);
                if (!_sentTickets.TryGetValue(endpoint, out var sent) || !ReferenceEquals(sent.Ticket, ticket))
                    continue;
                _sentTickets.Remove(endpoint);
                if (isMissed)
                    _tickets.TryAdd(endpoint, sent);
            }

            if (missed.Count == 0)
                return;
            PutInFront(batch.Changes.Where(change => missed.Contains(change.Room.Channel)));
            Restore(batch.Latest.Where(latest => missed.Contains(latest.Room.Channel)));
        }
    }

    /// <summary>Queues all events that were sent over a broken stream without an acknowledgement again, for the next stream.</summary>
    public void StartOver()
    {
        lock (_lock)
        {
            foreach (var (endpoint, sent) in _sentTickets)
                _tickets.TryAdd(endpoint, sent);
            _sentTickets.Clear();
            _changes = new Queue<RoomEvent>(_sent.SelectMany(batch => batch.Changes).Concat(_changes));
            // The newest first, because an older one does not replace it.
            foreach (var batch in _sent.Reverse())
                Restore(batch.Latest);
            _sent.Clear();
            _sentChanges = 0;
        }

        _signal.Writer.TryWrite(true);
    }

    // A newer change of the same endpoint makes the old event wrong, and events do not identify the transport of an endpoint. A lost link
    // is identified by its name.
    private void PutInFront(IEnumerable<RoomEvent> old)
    {
        var newer = _changes.Concat(_sent.SelectMany(batch => batch.Changes)).Select(change => (change.Room, change.Number)).ToHashSet();
        _changes = new Queue<RoomEvent>(
            old.Where(change => change.Kind == RoomEventKind.LinkLost || !newer.Contains((change.Room, change.Number))).Concat(_changes));
    }

    // Restores events unless there is a newer one by now.
    private void Restore(IEnumerable<RoomEvent> old)
    {
        foreach (var latest in old)
        {
            if (latest.Kind == RoomEventKind.DominantSpeaker)
                _speakers.TryAdd(latest.Room, latest);
            else
                _qualities.TryAdd((latest.Room, latest.Number), latest);
        }
    }

    private bool Add(RoomEvent item)
    {
        var endpoint = (item.Room, item.Number);
        switch (item.Kind)
        {
            case RoomEventKind.Ticket:
                _sentTickets.Remove(endpoint);
                _tickets[endpoint] = item;
                return true;
            case RoomEventKind.DominantSpeaker:
                return Replace(_speakers, item.Room, item, MaxSpeakers);
            case RoomEventKind.Quality:
                return Replace(_qualities, endpoint, item, MaxQualities);
            case RoomEventKind.Closed:
                // Its ticket would revive an ended endpoint.
                _tickets.Remove(endpoint);
                _sentTickets.Remove(endpoint);
                _qualities.Remove(endpoint);
                _changes.Enqueue(item);
                return true;
            default:
                if (_changes.Count + _sentChanges >= MaxChanges)
                    return false;
                _changes.Enqueue(item);
                return true;
        }
    }

    private static bool Replace<TKey>(Dictionary<TKey, RoomEvent> newest, TKey key, RoomEvent item, int most) where TKey : notnull
    {
        if (newest.Count >= most && !newest.ContainsKey(key))
            return false;
        newest[key] = item;
        return true;
    }

    private static void Move<TKey>(Dictionary<TKey, RoomEvent> from, List<RoomEvent> to, int most) where TKey : notnull
    {
        foreach (var (key, item) in from)
        {
            if (most-- <= 0)
                return;
            to.Add(item);
            from.Remove(key);
        }
    }
}

/// <summary>A batch of events that one message carries to the control plane.</summary>
/// <param name="Changes">Delivered at least once each, in this order.</param>
/// <param name="Tickets">Sent until they are acknowledged.</param>
/// <param name="Latest">Speakers and qualities: a newer one replaces them.</param>
internal sealed record EventBatch(IReadOnlyList<RoomEvent> Changes, IReadOnlyList<RoomEvent> Tickets, IReadOnlyList<RoomEvent> Latest)
{
    public NodeRegistry.V1.RoomEvents ToMessage() =>
        new() { Events = { Changes.Concat(Tickets).Concat(Latest).Select(RoomEventMessages.ToMessage) } };
}
