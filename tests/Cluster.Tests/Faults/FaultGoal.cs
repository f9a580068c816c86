namespace Hype.Cluster.Tests.Faults;

/// <summary>The goal for one figure of a fault.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Figure">The measured quantity.</param>
/// <param name="Unit">The unit of the figure.</param>
/// <param name="Median">The upper limit of the median over all repetitions; null: no goal, the figure is only reported.</param>
/// <param name="Worst">The upper limit in any repetition.</param>
/// <param name="Slack">
/// The allowance of a single run, as in CI, above <paramref name="Worst"/>: it is the first one of its processes, on a shared machine.
/// </param>
internal sealed record FaultGoal(string Fault, string Figure, string Unit, double? Median, double? Worst, double Slack = 0);
