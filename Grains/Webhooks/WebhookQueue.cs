using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>
/// A channel's queue of events for the outbox of one receiver. An event is sent only after the channel has stored it together with the
/// decision that it reports. So a new activation of the channel sends the events that were not sent before, and no receiver gets an event
/// about a decision that was lost.
/// </summary>
internal sealed class WebhookQueue
{
    private readonly string _receiver;
    private readonly int _capacity;
    private readonly List<WebhookEvent> _events;
    private long _lastSequence;
    private long _storedSequence;
    private int _inFlight;

    /// <summary>True if the channel had no members when it was last stored.</summary>
    private bool _empty;

    /// <summary>The value of <see cref="WebhookAppend.Final"/> in the last call that the outbox acknowledged; null if unknown.</summary>
    private bool? _sentFinal;

    /// <param name="receiver">The receiver's name.</param>
    /// <param name="stored">The stored events; null: none.</param>
    /// <param name="empty">No member was in the channel when it was last stored; null: it was never stored.</param>
    /// <param name="capacity">If more events wait, the oldest that are not in flight are dropped.</param>
    public WebhookQueue(string receiver, UnsentEvents? stored, bool? empty, int capacity)
    {
        (_receiver, _capacity) = (receiver, capacity);
        _events = [.. stored?.Events ?? []];
        _lastSequence = _storedSequence = stored?.LastSequence ?? 0;
        // The last call to the outbox is not known. Only a channel that was never stored certainly made none.
        (_empty, _sentFinal) = (empty ?? true, empty is null ? true : null);
    }

    public UnsentEvents Unsent => new(_receiver, _lastSequence, [.. _events]);

    /// <param name="write">Receives the event's sequence number.</param>
    /// <returns>The number of events that were dropped for the new one.</returns>
    public int Add(Func<long, WebhookEvent> write)
    {
        _events.Add(write(++_lastSequence));
        var dropped = Math.Min(Math.Max(0, _events.Count - _capacity), _events.Count - _inFlight);
        _events.RemoveRange(_inFlight, dropped);
        return dropped;
    }

    /// <summary>Releases events for sending, because the channel has stored them.</summary>
    /// <param name="empty">No member is in the stored channel.</param>
    public void OnStored(UnsentEvents stored, bool empty)
    {
        if (stored.LastSequence >= _storedSequence)
            (_storedSequence, _empty) = (stored.LastSequence, empty);
    }

    /// <summary>
    /// Returns the next call to the outbox, and the same call again until it is acknowledged; null if there is nothing to send.
    /// </summary>
    public WebhookAppend? Next(int size)
    {
        if (_inFlight == 0)
            _inFlight = _events.Take(size).TakeWhile(webhookEvent => webhookEvent.Sequence <= _storedSequence).Count();
        var final = _empty && _inFlight == _events.Count;
        // A call without events is needed only if no later call will carry the flag.
        return _inFlight == 0 && (final == _sentFinal || _events.Count > 0)
            ? null
            : new WebhookAppend([.. _events.Take(_inFlight)], final);
    }

    /// <summary>Removes the events of a call that the outbox has acknowledged.</summary>
    public void Acknowledge(WebhookAppend append)
    {
        _events.RemoveRange(0, append.Events.Length);
        _inFlight = 0;
        _sentFinal = append.Final;
    }
}
