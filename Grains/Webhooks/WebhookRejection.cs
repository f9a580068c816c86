namespace Hype.Grains.Webhooks;

/// <summary>
/// Measures for how long a receiver has rejected one event, to decide when to give it up. Only the time from a rejection to the next
/// attempt counts: during an outage, the receiver says nothing about the event. The time before an outage still counts after it, so that
/// a receiver that slows the outbox down between its rejections cannot hold up the events of other channels without an end.
/// </summary>
internal sealed class WebhookRejection(TimeProvider time)
{
    private TimeSpan _total;

    /// <summary>The time of the last attempt, if it was a rejection; null: another failure, or none yet.</summary>
    private long? _lastAt;

    /// <summary>Adds an attempt that the receiver rejected because of the event, and returns the total time.</summary>
    public TimeSpan Add()
    {
        Pause();
        _lastAt = time.GetTimestamp();
        return _total;
    }

    /// <summary>Adds an attempt that failed for another reason.</summary>
    public void Pause()
    {
        if (_lastAt is { } at)
            _total += time.GetElapsedTime(at);
        _lastAt = null;
    }

    /// <summary>Resets the time, for another event.</summary>
    public void Clear() => (_total, _lastAt) = (TimeSpan.Zero, null);
}
