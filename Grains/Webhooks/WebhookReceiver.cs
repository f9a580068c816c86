namespace Hype.Grains.Webhooks;

/// <summary>
/// A webhook receiver: the server to which events are posted. Options that it leaves out come from <see cref="WebhookOptions"/>.
/// </summary>
internal sealed record WebhookReceiver
{
    /// <summary>The name of the receiver that <see cref="WebhookOptions.Url"/> configures.</summary>
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
        GiveUpAfter = own.GiveUpAfter ?? shared.GiveUpAfter;
    }

    /// <summary>The name of the receiver, which is also a part of the grain key of its outboxes.</summary>
    public string Name { get; }

    public Uri Url { get; }

    public IReadOnlyList<byte[]> Secrets { get; }

    public int MaxWaiting { get; }

    public int BatchSize { get; }

    public TimeSpan Timeout { get; }

    public TimeSpan RetryDelay { get; }

    public TimeSpan MaxRetryDelay { get; }

    public TimeSpan GiveUpAfter { get; }

    /// <summary>
    /// Returns true if the receiver gets events of this name; false for null, which names an event that no receiver gets.
    /// </summary>
    public bool Wants(string? name) => name is not null && _events.Contains(name);
}
