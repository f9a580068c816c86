namespace Hype.MediaNode.Control;

/// <summary>
/// What was sent on one stream and not acknowledged yet (<c>Kept</c> of node_registry.proto). The writer adds, the reader keeps.
/// </summary>
internal sealed class SentMessages : IDisposable
{
    // Four minutes of beats: a gateway that never acknowledges is none.
    private const int Most = 1_024;

    private readonly ControlContact _contact;
    private readonly RoomEventQueue _events;
    private readonly TimeSpan _patience;
    private readonly Lock _lock = new();
    private readonly Queue<(long At, EventBatch? Events)> _sent = new();
    private readonly CancellationTokenSource _overdue = new();

    /// <param name="contact">Told when this node was heard.</param>
    /// <param name="events">Told what is kept.</param>
    /// <param name="patience">How long the gateway may leave what was sent without an acknowledgement; infinite when there is no other one.</param>
    public SentMessages(ControlContact contact, RoomEventQueue events, TimeSpan patience)
    {
        _contact = contact;
        _events = events;
        _patience = patience;
        Overdue = _overdue.Token;
    }

    /// <summary>How many messages are acknowledged, <c>register</c> included.</summary>
    public ulong Kept { get; private set; }

    /// <summary>
    /// The gateway has said nothing for longer than the patience, although it owes an acknowledgement. In the network's time, as the
    /// pings of HTTP/2 are.
    /// </summary>
    public CancellationToken Overdue { get; }

    /// <summary>Called before the message is written, so that it was certainly not heard earlier.</summary>
    /// <exception cref="InvalidOperationException">The gateway acknowledges nothing.</exception>
    public void Add(EventBatch? batch = null)
    {
        lock (_lock)
        {
            if (_sent.Count >= Most)
                throw new InvalidOperationException($"it has acknowledged none of {Most} messages");
            if (_sent.Count == 0)
                _overdue.CancelAfter(_patience);
            _sent.Enqueue((_contact.Now, batch));
        }
    }

    /// <summary>False when the gateway acknowledges what was never sent.</summary>
    /// <param name="messages">So many in all.</param>
    /// <param name="missed">Channels that did not take in what was said of them.</param>
    public bool TryKeep(ulong messages, IEnumerable<string> missed)
    {
        lock (_lock)
        {
            if (messages > Kept + (ulong)_sent.Count)
                return false;
            for (; Kept < messages; Kept++)
            {
                var (at, events) = _sent.Dequeue();
                if (events is not null)
                    _events.Keep(events, missed.ToHashSet());
                _contact.Heard(at);
            }
            _overdue.CancelAfter(_sent.Count == 0 ? Timeout.InfiniteTimeSpan : _patience);
            return true;
        }
    }

    /// <summary>The gateway lives, and what it owes now may take its time: the patience begins anew with the next message.</summary>
    public void Wait()
    {
        lock (_lock)
            _overdue.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _overdue.Dispose();
}
