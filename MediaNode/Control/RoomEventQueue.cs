using System.Threading.Channels;
using Hype.MediaNode.Rooms;

namespace Hype.MediaNode.Control;

/// <summary>
/// What the control plane is to hear of the rooms, until it has heard it. Workers write; the registration takes, and says what was
/// kept. While the control plane is away the queue does not grow with time: of tickets, speakers and qualities only the newest counts,
/// so that it replaces the one before. What is dropped when there is still too much of it: qualities first, then speakers (both come
/// again), then <c>connected</c> and <c>linkLost</c> (the channel asks who is there). A ticket or a <c>closed</c> is never dropped;
/// both are bounded by the endpoints, which only the control plane adds.
/// </summary>
internal sealed class RoomEventQueue(ControlMetrics metrics) : ChannelWriter<RoomEvent>
{
    private const int MaxQualities = 10_000;
    private const int MaxSpeakers = 10_000;
    private const int MaxChanges = 100_000;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // In the order in which they happened: still to be sent, and sent on the present stream and not acknowledged.
    private Queue<RoomEvent> _changes = new();
    private readonly Queue<RoomEvent> _sentChanges = new();

    // The newest of each endpoint that is not kept yet: still to be sent, and sent on the present stream.
    private readonly Dictionary<(RoomKey Room, uint Number), RoomEvent> _tickets = [];
    private readonly Dictionary<(RoomKey Room, uint Number), RoomEvent> _sentTickets = [];

    private readonly Dictionary<RoomKey, RoomEvent> _speakers = [];
    private readonly Dictionary<(RoomKey Room, uint Number), RoomEvent> _qualities = [];

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

    /// <summary>There is always room: <see cref="TryWrite"/> decides what for.</summary>
    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);

    /// <summary>Waits until there is something to take.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.Reader.WaitToReadAsync(cancellationToken).AsTask();

    /// <summary>
    /// The next events, at most <paramref name="most"/>; null when there are none. An endpoint's changes come before its ticket, which
    /// belongs to the newest of them.
    /// </summary>
    public EventBatch? Take(int most)
    {
        _signal.Reader.TryRead(out _);
        var (changes, tickets, latest) = (new List<RoomEvent>(), new List<RoomEvent>(), new List<RoomEvent>());
        lock (_lock)
        {
            while (changes.Count < most && _changes.TryDequeue(out var change))
            {
                changes.Add(change);
                _sentChanges.Enqueue(change);
            }
            Move(_tickets, tickets, most - changes.Count);
            Move(_speakers, latest, most - changes.Count - tickets.Count);
            Move(_qualities, latest, most - changes.Count - tickets.Count - latest.Count);
            foreach (var ticket in tickets)
                _sentTickets[(ticket.Room, ticket.Number)] = ticket;
            if (_changes.Count + _tickets.Count + _speakers.Count + _qualities.Count > 0)
                _signal.Writer.TryWrite(true);
        }
        return changes.Count + tickets.Count + latest.Count == 0 ? null : new EventBatch(changes, tickets, latest);
    }

    /// <summary>
    /// The control plane has taken a batch in, batches in the order in which they were taken here; all of it but what is of
    /// <paramref name="missed"/> channels, which goes with a later batch. Nobody is woken for that: the next beat takes it along, so
    /// that a channel that cannot be told is asked at that pace.
    /// </summary>
    public void Keep(EventBatch batch, IReadOnlySet<string> missed)
    {
        lock (_lock)
        {
            foreach (var change in batch.Changes)
            {
                _sentChanges.Dequeue();
                if (missed.Contains(change.Room.Channel))
                    _changes.Enqueue(change);
            }
            foreach (var kept in batch.Tickets)
            {
                var (ticket, endpoint) = (kept.Ticket!, (kept.Room, kept.Number));
                var isMissed = missed.Contains(kept.Room.Channel);
                if (!isMissed)
                    ticket.Receipt.Keep(ticket.Version);
                if (!_sentTickets.TryGetValue(endpoint, out var sent) || !ReferenceEquals(sent.Ticket, ticket))
                    continue;
                _sentTickets.Remove(endpoint);
                if (isMissed)
                    _tickets.TryAdd(endpoint, sent);
            }
            Restore(batch.Latest.Where(latest => missed.Contains(latest.Room.Channel)));
        }
    }

    /// <summary>The stream broke: what was sent and not acknowledged is sent again, and so is a batch that was not written.</summary>
    public void StartOver(EventBatch? unwritten)
    {
        lock (_lock)
        {
            foreach (var (endpoint, sent) in _sentTickets)
                _tickets.TryAdd(endpoint, sent);
            _sentTickets.Clear();
            _changes = new Queue<RoomEvent>(_sentChanges.Concat(_changes));
            _sentChanges.Clear();
            Restore(unwritten?.Latest ?? []);
        }
        _signal.Writer.TryWrite(true);
    }

    // Unless there is a newer one by now.
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
                // Its ticket would bring back what has ended.
                _tickets.Remove(endpoint);
                _sentTickets.Remove(endpoint);
                _qualities.Remove(endpoint);
                _changes.Enqueue(item);
                return true;
            default:
                if (_changes.Count + _sentChanges.Count >= MaxChanges)
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

/// <summary>Events that go to the control plane in one message.</summary>
/// <param name="Changes">Told at least once each, in this order.</param>
/// <param name="Tickets">Told until they are kept.</param>
/// <param name="Latest">Speakers and qualities: a newer one replaces them.</param>
internal sealed record EventBatch(IReadOnlyList<RoomEvent> Changes, IReadOnlyList<RoomEvent> Tickets, IReadOnlyList<RoomEvent> Latest)
{
    public NodeRegistry.V1.RoomEvents ToMessage() => new() { Events = { Changes.Concat(Tickets).Concat(Latest).Select(RoomEventMessages.ToMessage) } };
}
