namespace Hype.Grains.Webhooks;

/// <summary>One of several receivers, below <c>Hype:Webhooks:Receivers:NAME</c>. What is null is as for all of them (<see cref="WebhookOptions"/>).</summary>
public sealed record WebhookReceiverOptions
{
    /// <summary>Where events are posted: absolute, http or https.</summary>
    public string Url { get; init; } = "";

    /// <summary>As <see cref="WebhookOptions.Secrets"/>, but never shared: whoever has a secret can sign for all who check with it.</summary>
    public IList<string> Secrets { get; init; } = [];

    public IList<string>? Events { get; init; }

    public int? MaxWaiting { get; init; }

    public int? BatchSize { get; init; }

    public TimeSpan? Timeout { get; init; }

    public TimeSpan? RetryDelay { get; init; }

    public TimeSpan? MaxRetryDelay { get; init; }
}
