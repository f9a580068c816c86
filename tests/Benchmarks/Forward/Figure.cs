namespace Hype.Benchmarks.Forward;

/// <summary>One line of the table.</summary>
/// <param name="Key">Its name in the JSON object.</param>
/// <param name="What">What was measured, for people.</param>
/// <param name="Limit">At most this, if there is a goal.</param>
/// <param name="Note">What it stands beside: the rival or the bare cost of the same run, the counts that prove it.</param>
internal sealed record Figure(string Key, string What, double Value, string Unit, double? Limit, string Note)
{
    public bool IsMet => Limit is not { } limit || Value <= limit;
}
