namespace Hype.Grains.Webhooks;

/// <summary>
/// The receivers of channel events; bound from <c>Hype:Webhooks</c>. All silos must have the same options. <see cref="Url"/> and
/// <see cref="Secrets"/> configure one receiver. <see cref="Receivers"/> adds more; they inherit the other options of this type.
/// </summary>
public sealed record WebhookOptions
{
    public const string Section = "Hype:Webhooks";

    /// <summary>The URL to which events are posted: absolute, http or https. Default: none; without a URL no events are posted.</summary>
    public string Url { get; init; } = "";

    /// <summary>
    /// The keys of the signature, <c>whsec_</c> and base64 of 24–64 bytes (Standard Webhooks). 1–4 keys; each of them signs, so that a new
    /// key can be added here first, then at the receiver, and then the old one can be removed.
    /// </summary>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>
    /// Receivers by name: 1–32 of <c>a–z 0–9 -</c>, at most 16. Waiting events belong to the name: a renamed receiver starts without them.
    /// Default none.
    /// </summary>
    public IDictionary<string, WebhookReceiverOptions> Receivers { get; init; } = new Dictionary<string, WebhookReceiverOptions>();

    /// <summary>
    /// The events to send; <c>changed</c> and <c>room</c> can be added. Default: <c>joined</c>, <c>left</c>, <c>mode</c>,
    /// <c>settings</c>.
    /// </summary>
    public IList<string> Events { get; init; } = [];

    /// <summary>
    /// The number of events of one outbox that may wait for the receiver. If more wait, the oldest of the channel with the most waiting
    /// events are dropped and counted. Default 1,000, range 10–100,000.
    /// </summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>The maximum number of events in one request. Default 50, range 1–1,000.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>The time limit for the receiver's answer. Default 10 s, range 100 ms–60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failure; doubled with each further failure. Default 1 s, range 10 ms–1 min.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two attempts. Default 60 s, range 10 ms–1 h.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The time for which a single event is repeated that the receiver rejects as such (400, 413, 422); then it is dropped and counted.
    /// The time of an outage between two rejections does not count. Default 10 min, range 1 s–30 days.
    /// </summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);
}
