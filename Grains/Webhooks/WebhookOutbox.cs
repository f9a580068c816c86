using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>Events in the order in which they came, until the receiver has acknowledged them; bounded.</summary>
/// <param name="state">What is stored of it; changed in place.</param>
/// <param name="most">Above it the oldest that are not on their way are dropped.</param>
internal sealed class WebhookOutbox(WebhookOutboxState state, int most)
{
    private int _onTheirWay;

    public int Count => state.Waiting.Count;

    /// <summary>Takes in those that are not here yet, and returns how many were dropped for them.</summary>
    public int Add(IEnumerable<WebhookEvent> events)
    {
        // Whoever was not told that they are stored says them again.
        var known = state.Waiting.Select(waiting => waiting.Id).ToHashSet(StringComparer.Ordinal);
        state.Waiting.AddRange(events.Where(happened => known.Add(happened.Id)));
        var dropped = Math.Min(Math.Max(0, state.Waiting.Count - most), state.Waiting.Count - _onTheirWay);
        state.Waiting.RemoveRange(_onTheirWay, dropped);
        state.Lost += dropped;
        return dropped;
    }

    /// <summary>The oldest ones, which stay until <see cref="Acknowledge"/>; the same again when the last were not acknowledged. Null: there are none.</summary>
    public WebhookBatch? Next(int size)
    {
        if (_onTheirWay == 0)
            _onTheirWay = Math.Min(size, state.Waiting.Count);
        return _onTheirWay == 0 ? null : new WebhookBatch(state.Waiting[.._onTheirWay], state.Lost);
    }

    /// <summary>The receiver has them, and knows how many it will never have.</summary>
    public void Acknowledge(WebhookBatch batch)
    {
        state.Waiting.RemoveRange(0, _onTheirWay);
        state.Lost -= batch.Lost;
        _onTheirWay = 0;
    }
}

/// <param name="Lost">So many events were dropped since the receiver last acknowledged.</param>
internal sealed record WebhookBatch(List<WebhookEvent> Events, long Lost)
{
    /// <summary>Tells the message from others: the first and the last event that are in it.</summary>
    public string Id => Events.Count == 1 ? Events[0].Id : $"{Events[0].Id}..{Events[^1].Id}";
}
