namespace Hype.Grains.Webhooks;

/// <summary>The receiver's answer to one request.</summary>
/// <param name="Refusal">The failure, in words for the log; null: the receiver accepted the batch.</param>
/// <param name="IsContent">
/// True if the receiver objects to the content or the size of the batch, so that a smaller batch may be accepted.
/// </param>
/// <param name="RetryAfter">The pause that the receiver asked for; null: none.</param>
internal readonly record struct WebhookOutcome(string? Refusal, bool IsContent = false, TimeSpan? RetryAfter = null)
{
    public static readonly WebhookOutcome Accepted = new(null);
}
