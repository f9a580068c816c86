namespace Hype.Benchmarks.Forward;

/// <summary>One line of the table that the benchmark prints.</summary>
/// <param name="Key">The name of the figure in the JSON object.</param>
/// <param name="What">The description for readers.</param>
/// <param name="Limit">The upper limit, if there is a goal.</param>
/// <param name="Note">The cost of the reference in the same run, and the counts that prove the figure.</param>
internal sealed record Figure(string Key, string What, double Value, string Unit, double? Limit, string Note)
{
    public bool IsMet => Limit is not { } limit || Value <= limit;
}
