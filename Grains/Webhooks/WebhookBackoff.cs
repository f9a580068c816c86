namespace Hype.Grains.Webhooks;

/// <summary>The pause before the next try: doubled with each failure, and less by up to half of it at random, so that outboxes do not come back together.</summary>
internal static class WebhookBackoff
{
    /// <param name="failures">In a row, 1 or more.</param>
    public static TimeSpan After(int failures, WebhookReceiver receiver)
    {
        var longest = Math.Min(receiver.RetryDelay.TotalMilliseconds * Math.Pow(2, failures - 1), receiver.MaxRetryDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (1 - (Random.Shared.NextDouble() / 2)));
    }
}
