using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Registration;

/// <summary>
/// The messages that were sent over one stream and not yet acknowledged (<c>Ack</c> of node_registry.proto). The stream's writer adds
/// messages, and its reader acknowledges them.
/// </summary>
internal sealed class UnackedMessages : IDisposable
{
    // Four minutes of heartbeats: so many are outstanding only if the gateway acknowledges nothing.
    private const int MaxOutstanding = 1_024;

    private readonly ControlContact _contact;
    private readonly RoomEventQueue _events;
    private readonly TimeSpan _timeout;
    private readonly Lock _lock = new();
    private readonly Queue<(long At, bool HasEvents)> _sent = new();
    private readonly CancellationTokenSource _overdue = new();

    /// <param name="contact">Records each contact with the control plane.</param>
    /// <param name="events">Receives the acknowledgement of event batches.</param>
    /// <param name="timeout">The gateway's time for an acknowledgement; infinite if there is no other gateway.</param>
    public UnackedMessages(ControlContact contact, RoomEventQueue events, TimeSpan timeout)
    {
        _contact = contact;
        _events = events;
        _timeout = timeout;
        Overdue = _overdue.Token;
    }

    /// <summary>The number of acknowledged messages, <c>register</c> included.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>
    /// A token that is cancelled when an acknowledgement is overdue. The timeout runs in real time, like the pings of HTTP/2.
    /// </summary>
    public CancellationToken Overdue { get; }

    /// <summary>
    /// Adds a message. The caller adds it before it writes it, so that the recorded sending time is not later than the arrival.
    /// </summary>
    /// <exception cref="InvalidOperationException">The gateway owes too many acknowledgements.</exception>
    /// <param name="hasEvents">The message carries the batch that was taken last.</param>
    public void Add(bool hasEvents = false)
    {
        lock (_lock)
        {
            if (_sent.Count >= MaxOutstanding)
                throw new InvalidOperationException($"it owes {MaxOutstanding} acknowledgements");
            if (_sent.Count == 0)
                _overdue.CancelAfter(_timeout);
            _sent.Enqueue((_contact.Now, hasEvents));
        }
    }

    /// <summary>Acknowledges all messages up to a count. Returns false if the gateway acknowledges more messages than were sent.</summary>
    /// <param name="messages">The total number of acknowledged messages.</param>
    /// <param name="missed">Channels that did not receive their events of the messages acknowledged now.</param>
    public bool TryAcknowledge(ulong messages, IEnumerable<string> missed)
    {
        var undelivered = missed.ToHashSet();
        lock (_lock)
        {
            if (messages > Acknowledged + (ulong)_sent.Count)
                return false;
            for (; Acknowledged < messages; Acknowledged++)
            {
                var (at, hasEvents) = _sent.Dequeue();
                if (hasEvents)
                    _events.Acknowledge(undelivered);
                _contact.Record(at);
            }

            RestartTimeout();
            return true;
        }
    }

    /// <summary>Stops the timeout until the next message is added: the gateway is alive, and its current work may take time.</summary>
    public void SuspendTimeout()
    {
        lock (_lock)
            _overdue.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    // Counted from the oldest message without an acknowledgement: if each answer is a little later than the one before, one is finally
    // too late.
    private void RestartTimeout()
    {
        if (!_sent.TryPeek(out var oldest) || _timeout == Timeout.InfiniteTimeSpan)
            _overdue.CancelAfter(Timeout.InfiniteTimeSpan);
        else
            _overdue.CancelAfter(TimeSpan.FromMicroseconds(Math.Max(0, _timeout.TotalMicroseconds - (_contact.Now - oldest.At))));
    }

    public void Dispose() => _overdue.Dispose();
}
