namespace Hype.Grains.Webhooks;

/// <summary>
/// Computes the pause before the next attempt to reach a receiver: it doubles with each failure, up to a maximum. A random part of up to a
/// half is subtracted, so that the outboxes do not retry at the same time.
/// </summary>
internal static class WebhookBackoff
{
    /// <param name="failures">Failures in a row, 1 or more.</param>
    public static TimeSpan After(int failures, WebhookReceiver receiver)
    {
        var longest = Math.Min(
            receiver.RetryDelay.TotalMilliseconds * Math.Pow(2, failures - 1), receiver.MaxRetryDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (1 - (Random.Shared.NextDouble() / 2)));
    }
}
