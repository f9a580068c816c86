namespace Hype.Cluster.Tests.Faults;

/// <summary>What must hold in a fault, as a figure.</summary>
/// <param name="Fault">What is done to the cluster.</param>
/// <param name="Figure">What is measured then.</param>
/// <param name="Unit">Of the figure.</param>
/// <param name="Median">Over all repetitions, at most; null: no goal, it is only told.</param>
/// <param name="Worst">In any repetition, at most.</param>
/// <param name="Slack">
/// What a single run, as in CI, may have on top of <paramref name="Worst"/>: it is the first of its processes, on a machine that others use.
/// </param>
internal sealed record FaultGoal(string Fault, string Figure, string Unit, double? Median, double? Worst, double Slack = 0);
