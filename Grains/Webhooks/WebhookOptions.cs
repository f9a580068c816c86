namespace Hype.Grains.Webhooks;

/// <summary>
/// Whom to tell of what happens in channels; bound from <c>Hype:Webhooks</c>. The same on all silos. One receiver is <see cref="Url"/> and
/// <see cref="Secrets"/>; more are <see cref="Receivers"/>, for which everything else here is the default.
/// </summary>
public sealed record WebhookOptions
{
    public const string Section = "Hype:Webhooks";

    /// <summary>Where events are posted: absolute, http or https. Default: none; without one nobody is told.</summary>
    public string Url { get; init; } = "";

    /// <summary>
    /// Keys of the signature, <c>whsec_</c> and base64 of 24–64 bytes (Standard Webhooks). 1–4; each signs, so that a new one may be
    /// added here first, then be taken over by the receiver, then replace the old one.
    /// </summary>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>Receivers by name: 1–32 of <c>a–z 0–9 -</c>, at most 16. The name is that of what waits: under another one a receiver begins anew. Default none.</summary>
    public IDictionary<string, WebhookReceiverOptions> Receivers { get; init; } = new Dictionary<string, WebhookReceiverOptions>();

    /// <summary>Which events; <c>changed</c> and <c>room</c> are others. Default: <c>joined</c>, <c>left</c>, <c>mode</c>, <c>settings</c>.</summary>
    public IList<string> Events { get; init; } = [];

    /// <summary>Events of one outbox that wait for the receiver; above it the oldest are dropped and counted. Default 1,000, range 10–100,000.</summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>Events in one request. Default 50, range 1–1,000.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>For the receiver to answer. Default 10 s, range 100 ms–60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After the first failure; doubled with each further one. Default 1 s, range 10 ms–1 min.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two tries. Default 60 s, range 10 ms–1 h.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(1);
}
