namespace Hype.Grains.MediaNodes;

/// <summary>
/// The timeouts after which a media node counts as lost; bound from <c>Hype:NodeLease</c>. Nodes send a heartbeat every 250 ms.
/// </summary>
public sealed record NodeLeaseOptions
{
    public const string Section = "Hype:NodeLease";

    /// <summary>The time without a heartbeat after which a node is probed. Default 1 s, range 300 ms–60 s.</summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The timeout of the probe of a silent node. Default 300 ms, range 50 ms–10 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The timeout of a batch of orders to a node. Default 2 s, range 100 ms–30 s.</summary>
    public TimeSpan OrderTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
