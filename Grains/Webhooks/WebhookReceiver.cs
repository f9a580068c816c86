namespace Hype.Grains.Webhooks;

/// <summary>A receiver of events. Options that it leaves out come from <see cref="WebhookOptions"/>.</summary>
internal sealed record WebhookReceiver
{
    /// <summary>The name of the receiver at <see cref="WebhookOptions.Url"/>.</summary>
    public const string DefaultName = "default";

    private readonly HashSet<string> _events;

    public WebhookReceiver(string name, WebhookReceiverOptions own, WebhookOptions shared)
    {
        Name = name;
        Url = new Uri(own.Url);
        Secrets =
        [
            .. own.Secrets.Select(text => WebhookSignature.TryReadSecret(text, out var secret)
                ? secret
                : throw new FormatException(WebhookOptions.Section)),
        ];
        _events = [.. own.Events ?? (shared.Events is [] ? WebhookEvents.Defaults : shared.Events)];
        MaxWaiting = own.MaxWaiting ?? shared.MaxWaiting;
        BatchSize = own.BatchSize ?? shared.BatchSize;
        Timeout = own.Timeout ?? shared.Timeout;
        RetryDelay = own.RetryDelay ?? shared.RetryDelay;
        MaxRetryDelay = own.MaxRetryDelay ?? shared.MaxRetryDelay;
    }

    /// <summary>The name of the receiver: the second part of the key of its outboxes.</summary>
    public string Name { get; }

    public Uri Url { get; }

    public IReadOnlyList<byte[]> Secrets { get; }

    public int MaxWaiting { get; }

    public int BatchSize { get; }

    public TimeSpan Timeout { get; }

    public TimeSpan RetryDelay { get; }

    public TimeSpan MaxRetryDelay { get; }

    /// <summary>True if the receiver gets events of this name; null names an event for no receiver.</summary>
    public bool Wants(string? name) => name is not null && _events.Contains(name);
}
