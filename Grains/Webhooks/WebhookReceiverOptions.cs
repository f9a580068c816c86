namespace Hype.Grains.Webhooks;

/// <summary>
/// The options of one of several webhook receivers, below <c>Hype:Webhooks:Receivers:NAME</c>. For an option that is null, the value for
/// all receivers applies (<see cref="WebhookOptions"/>).
/// </summary>
public sealed record WebhookReceiverOptions
{
    /// <summary>The URL to which events are posted: absolute, http or https.</summary>
    public string Url { get; init; } = "";

    /// <summary>
    /// The keys that sign the requests to this receiver, as in <see cref="WebhookOptions.Secrets"/>. They are never shared: a receiver
    /// that knows the secret of another one could forge signatures for it.
    /// </summary>
    public IList<string> Secrets { get; init; } = [];

    public IList<string>? Events { get; init; }

    public int? MaxWaiting { get; init; }

    public int? BatchSize { get; init; }

    public TimeSpan? Timeout { get; init; }

    public TimeSpan? RetryDelay { get; init; }

    public TimeSpan? MaxRetryDelay { get; init; }

    public TimeSpan? GiveUpAfter { get; init; }
}
