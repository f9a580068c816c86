using System.Threading.Channels;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rooms;

namespace Hype.MediaNode.Registration;

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

    // In the order in which they happened.
    private Queue<RoomEvent> _changes = new();

    // On the present stream, and not acknowledged.
    private readonly Queue<EventBatch> _sent = new();
    private int _sentChanges;

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
    /// belongs to the newest of them. They are sent, but not forgotten before <see cref="Keep"/>.
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
    /// The control plane has taken in the batch that was taken here first of those that it had not. All of it but what is of
    /// <paramref name="missed"/> channels, which goes with a later batch: nobody is woken for that, the next beat takes it along, so
    /// that a channel that cannot be told is tried at that pace.
    /// </summary>
    public void Keep(IReadOnlySet<string> missed)
    {
        lock (_lock)
        {
            var batch = _sent.Dequeue();
            _sentChanges -= batch.Changes.Count;
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
            if (missed.Count == 0)
                return;
            PutInFront(batch.Changes.Where(change => missed.Contains(change.Room.Channel)));
            Restore(batch.Latest.Where(latest => missed.Contains(latest.Room.Channel)));
        }
    }

    /// <summary>The stream broke: what was not acknowledged, written or not, is sent again.</summary>
    public void StartOver()
    {
        lock (_lock)
        {
            foreach (var (endpoint, sent) in _sentTickets)
                _tickets.TryAdd(endpoint, sent);
            _sentTickets.Clear();
            _changes = new Queue<RoomEvent>(_sent.SelectMany(batch => batch.Changes).Concat(_changes));
            // The newest first, as an older one does not take its place.
            foreach (var batch in _sent.Reverse())
                Restore(batch.Latest);
            _sent.Clear();
            _sentChanges = 0;
        }
        _signal.Writer.TryWrite(true);
    }

    // What has happened to the same endpoint since makes the old news wrong, and it cannot be told which transport it was of. A lost
    // link has a name.
    private void PutInFront(IEnumerable<RoomEvent> old)
    {
        var newer = _changes.Concat(_sent.SelectMany(batch => batch.Changes)).Select(change => (change.Room, change.Number)).ToHashSet();
        _changes = new Queue<RoomEvent>(old.Where(change => change.Kind == RoomEventKind.LinkLost || !newer.Contains((change.Room, change.Number))).Concat(_changes));
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

/// <summary>Events that go to the control plane in one message.</summary>
/// <param name="Changes">Told at least once each, in this order.</param>
/// <param name="Tickets">Told until they are kept.</param>
/// <param name="Latest">Speakers and qualities: a newer one replaces them.</param>
internal sealed record EventBatch(IReadOnlyList<RoomEvent> Changes, IReadOnlyList<RoomEvent> Tickets, IReadOnlyList<RoomEvent> Latest)
{
    public NodeRegistry.V1.RoomEvents ToMessage() => new() { Events = { Changes.Concat(Tickets).Concat(Latest).Select(RoomEventMessages.ToMessage) } };
}
