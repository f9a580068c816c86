using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.Silo.Health;

/// <summary>Active is a silo that has joined and has neither begun to stop nor been voted out.</summary>
internal sealed class MembershipCheck(ISiloStatusOracle silos) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(silos.CurrentStatus == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"This silo is {silos.CurrentStatus}."));
}
