namespace Hype.Cluster.Tests.Faults;

/// <summary>The duration of one fault test.</summary>
/// <param name="Test">The name of its class.</param>
/// <param name="StartUp">The time until its cluster was complete; short for a cluster that was already running.</param>
/// <param name="Runs">The duration of each repetition.</param>
internal sealed record FaultDuration(string Test, TimeSpan StartUp, IReadOnlyList<TimeSpan> Runs);
