using Hype.Grains.Silos;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.Silo.Health;

/// <summary>
/// Reports whether the silo is active and answers calls: it has joined, is not stopping, was not declared dead, and its
/// <see cref="IMembershipGate"/> is not closed for long.
/// </summary>
internal sealed class MembershipCheck(ISiloStatusOracle silos, IMembershipGate gate) : IHealthCheck
{
    /// <summary>The time for which the gate may be closed after a pause: longer than a reading of the table takes.</summary>
    internal static readonly TimeSpan MaxClosed = TimeSpan.FromSeconds(1);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(silos.CurrentStatus != SiloStatus.Active
            ? HealthCheckResult.Unhealthy($"This silo is {silos.CurrentStatus}.")
            : gate.ClosedFor > MaxClosed
                ? HealthCheckResult.Unhealthy(
                    "This silo was paused and answers no call until it can read the membership table in Redis.")
                : HealthCheckResult.Healthy());
}
