using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.Silo.Health;

/// <summary>Reports whether the silo is active: it has joined, is not stopping, and was not declared dead.</summary>
internal sealed class MembershipCheck(ISiloStatusOracle silos) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(silos.CurrentStatus == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"This silo is {silos.CurrentStatus}."));
}
