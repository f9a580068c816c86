namespace Hype.Grains.Webhooks;

/// <summary>
/// One of several receivers, below <c>Hype:Webhooks:Receivers:NAME</c>. An option that is null has the value for all receivers
/// (<see cref="WebhookOptions"/>).
/// </summary>
public sealed record WebhookReceiverOptions
{
    /// <summary>The URL to which events are posted: absolute, http or https.</summary>
    public string Url { get; init; } = "";

    /// <summary>
    /// The same as <see cref="WebhookOptions.Secrets"/>, but never shared: a receiver could sign for all other receivers that check with
    /// the same secret.
    /// </summary>
    public IList<string> Secrets { get; init; } = [];

    public IList<string>? Events { get; init; }

    public int? MaxWaiting { get; init; }

    public int? BatchSize { get; init; }

    public TimeSpan? Timeout { get; init; }

    public TimeSpan? RetryDelay { get; init; }

    public TimeSpan? MaxRetryDelay { get; init; }
}
