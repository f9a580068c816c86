using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>A bounded queue of the events that one receiver has not acknowledged, in the order of their arrival.</summary>
/// <param name="state">The stored state; changed in place.</param>
/// <param name="capacity">
/// If more events wait, the oldest of the channel with the most waiting events are dropped, so that a busy channel costs the others none.
/// Events in flight are not dropped.
/// </param>
internal sealed class WebhookOutbox(WebhookOutboxState state, int capacity)
{
    private int _inFlight;

    /// <summary>The present size of a batch; null: the receiver has objected to none.</summary>
    private int? _size;

    public int Count => state.Waiting.Count;

    /// <summary>The time of the oldest event; null: none waits.</summary>
    public DateTimeOffset? OldestAt => state.Waiting.Count > 0 ? state.Waiting[0].ReadTime() : null;

    /// <summary>
    /// Adds the events that are not in the queue yet, and returns the number of older events that were dropped to make space.
    /// </summary>
    public int Add(IEnumerable<WebhookEvent> events)
    {
        // A channel sends events again if it did not receive the confirmation that they are stored.
        var known = state.Waiting.Select(waiting => waiting.Id).ToHashSet(StringComparer.Ordinal);
        state.Waiting.AddRange(events.Where(webhookEvent => known.Add(webhookEvent.Id)));
        var excess = Math.Min(Math.Max(0, state.Waiting.Count - capacity), state.Waiting.Count - _inFlight);
        Drop(excess);
        state.Lost += excess;
        return excess;
    }

    /// <summary>
    /// Returns the oldest events as a batch, and the same batch again until <see cref="Acknowledge"/>; null if there are none.
    /// </summary>
    public WebhookBatch? Next(int size)
    {
        if (_inFlight == 0)
            _inFlight = Math.Min(Math.Min(size, _size ?? size), state.Waiting.Count);
        return _inFlight == 0 ? null : new WebhookBatch(state.Waiting[.._inFlight], state.Lost);
    }

    /// <summary>Removes a batch that the receiver has acknowledged, and subtracts the lost events that the batch reported.</summary>
    public void Acknowledge(WebhookBatch batch)
    {
        state.Waiting.RemoveRange(0, _inFlight);
        state.Lost -= batch.Lost;
        _inFlight = 0;
        // Grows slowly: a receiver with a limit refuses one request in as many as the limit, not every second one.
        _size++;
    }

    /// <summary>
    /// Halves the batch in flight, because the receiver objected to it. Returns false if it is a single event.
    /// </summary>
    public bool TryHalve()
    {
        if (_inFlight < 2)
            return false;
        _inFlight /= 2;
        _size = _inFlight;
        return true;
    }

    /// <summary>Gives up the first event of the batch in flight, and counts it as lost.</summary>
    public WebhookEvent GiveUp()
    {
        var first = state.Waiting[0];
        state.Waiting.RemoveAt(0);
        state.Lost++;
        _inFlight = 0;
        return first;
    }

    private void Drop(int count)
    {
        if (count == 0)
            return;
        var waiting = state.Waiting.Skip(_inFlight).CountBy(webhookEvent => webhookEvent.Channel).ToDictionary();
        var drops = new Dictionary<string, int>();
        for (var i = 0; i < count; i++)
        {
            var busiest = waiting.MaxBy(channel => channel.Value).Key;
            waiting[busiest]--;
            drops[busiest] = drops.GetValueOrDefault(busiest) + 1;
        }

        var position = 0;
        state.Waiting.RemoveAll(webhookEvent =>
        {
            if (position++ < _inFlight || drops.GetValueOrDefault(webhookEvent.Channel) == 0)
                return false;
            drops[webhookEvent.Channel]--;
            return true;
        });
    }
}
