using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Registration;

/// <summary>
/// What was sent on one stream and not acknowledged yet (<c>Kept</c> of node_registry.proto). The writer adds, the reader keeps.
/// </summary>
internal sealed class SentMessages : IDisposable
{
    // Four minutes of beats: so many are outstanding only where nobody acknowledges.
    private const int Most = 1_024;

    private readonly ControlContact _contact;
    private readonly RoomEventQueue _events;
    private readonly TimeSpan _patience;
    private readonly Lock _lock = new();
    private readonly Queue<(long At, bool HasEvents)> _sent = new();
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
    /// The gateway has owed an acknowledgement for longer than the patience. In the network's time, as the pings of HTTP/2 are.
    /// </summary>
    public CancellationToken Overdue { get; }

    /// <summary>Called before the message is written, so that it was certainly not heard earlier.</summary>
    /// <exception cref="InvalidOperationException">The gateway owes too many acknowledgements.</exception>
    /// <param name="hasEvents">It carries the batch that was taken last.</param>
    public void Add(bool hasEvents = false)
    {
        lock (_lock)
        {
            if (_sent.Count >= Most)
                throw new InvalidOperationException($"it owes {Most} acknowledgements");
            if (_sent.Count == 0)
                _overdue.CancelAfter(_patience);
            _sent.Enqueue((_contact.Now, hasEvents));
        }
    }

    /// <summary>False when the gateway acknowledges what was never sent.</summary>
    /// <param name="messages">So many in all.</param>
    /// <param name="missed">Channels that did not take in what the messages say of them that are acknowledged by this.</param>
    public bool TryKeep(ulong messages, IEnumerable<string> missed)
    {
        var unheard = missed.ToHashSet();
        lock (_lock)
        {
            if (messages > Kept + (ulong)_sent.Count)
                return false;
            for (; Kept < messages; Kept++)
            {
                var (at, hasEvents) = _sent.Dequeue();
                if (hasEvents)
                    _events.Keep(unheard);
                _contact.Heard(at);
            }
            ExpectNext();
            return true;
        }
    }

    /// <summary>The gateway lives, and what it owes now may take its time: the patience begins anew with the next message.</summary>
    public void Wait()
    {
        lock (_lock)
            _overdue.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    // Counted from the oldest that is owed: answers that come one after the other, each a little later, are an answer too late in the end.
    private void ExpectNext()
    {
        if (!_sent.TryPeek(out var oldest) || _patience == Timeout.InfiniteTimeSpan)
            _overdue.CancelAfter(Timeout.InfiniteTimeSpan);
        else
            _overdue.CancelAfter(TimeSpan.FromMicroseconds(Math.Max(0, _patience.TotalMicroseconds - (_contact.Now - oldest.At))));
    }

    public void Dispose() => _overdue.Dispose();
}
