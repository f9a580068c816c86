using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>A bounded queue of the events that one receiver has not acknowledged, in the order of their arrival.</summary>
/// <param name="state">The stored state; changed in place.</param>
/// <param name="capacity">If more events wait, the oldest that are not in flight are dropped.</param>
internal sealed class WebhookOutbox(WebhookOutboxState state, int capacity)
{
    private int _inFlight;

    public int Count => state.Waiting.Count;

    /// <summary>
    /// Adds the events that are not in the queue yet, and returns the number of older events that were dropped to make space.
    /// </summary>
    public int Add(IEnumerable<WebhookEvent> events)
    {
        // A channel sends events again if it did not receive the confirmation that they are stored.
        var known = state.Waiting.Select(waiting => waiting.Id).ToHashSet(StringComparer.Ordinal);
        state.Waiting.AddRange(events.Where(webhookEvent => known.Add(webhookEvent.Id)));
        var dropped = Math.Min(Math.Max(0, state.Waiting.Count - capacity), state.Waiting.Count - _inFlight);
        state.Waiting.RemoveRange(_inFlight, dropped);
        state.Lost += dropped;
        return dropped;
    }

    /// <summary>
    /// Returns the oldest events as a batch, and the same batch again until <see cref="Acknowledge"/>; null if there are none.
    /// </summary>
    public WebhookBatch? Next(int size)
    {
        if (_inFlight == 0)
            _inFlight = Math.Min(size, state.Waiting.Count);
        return _inFlight == 0 ? null : new WebhookBatch(state.Waiting[.._inFlight], state.Lost);
    }

    /// <summary>Removes a batch that the receiver has acknowledged, and subtracts the lost events that the batch reported.</summary>
    public void Acknowledge(WebhookBatch batch)
    {
        state.Waiting.RemoveRange(0, _inFlight);
        state.Lost -= batch.Lost;
        _inFlight = 0;
    }
}
