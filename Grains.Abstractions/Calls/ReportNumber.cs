namespace Hype.Grains.Abstractions.Calls;

/// <summary>
/// The number of a report that replaces all earlier reports of the same sender. Calls can arrive in another order than they were made, so
/// a receiver ignores a report that is older than the newest one it has processed.
/// </summary>
/// <param name="Activation">The number of the sender's activation.</param>
/// <param name="Count">The number of reports of the activation, up to this one.</param>
[GenerateSerializer, Immutable, Alias("hype.ReportNumber")]
public readonly record struct ReportNumber([property: Id(0)] long Activation, [property: Id(1)] long Count)
{
    public ReportNumber Next() => this with { Count = Count + 1 };

    /// <summary>
    /// Returns true if the report was made before the other one. Only for senders whose activations have ascending numbers.
    /// </summary>
    public bool IsOlderThan(ReportNumber other) =>
        Activation == other.Activation ? Count < other.Count : Activation < other.Activation;

    /// <summary>
    /// Returns true if the same activation made the report before the other one. For senders whose activations have arbitrary numbers.
    /// </summary>
    public bool IsOlderInActivation(ReportNumber other) => Activation == other.Activation && Count < other.Count;
}
