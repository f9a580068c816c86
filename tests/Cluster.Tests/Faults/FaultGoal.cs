namespace Hype.Cluster.Tests.Faults;

/// <summary>The name and the limits of one figure that a fault test measures.</summary>
/// <param name="Fault">The fault, as the table names it.</param>
/// <param name="Figure">The measured quantity.</param>
/// <param name="Unit">The unit of the figure.</param>
/// <param name="Median">The upper limit of the median over all repetitions; null: no goal, the figure is only reported.</param>
/// <param name="Worst">The upper limit in any repetition; null: none.</param>
/// <param name="Slack">
/// The allowance above <paramref name="Worst"/> for a single run, as in CI: its processes have just started, and share their machine.
/// </param>
internal sealed record FaultGoal(string Fault, string Figure, string Unit, double? Median, double? Worst, double Slack = 0);
