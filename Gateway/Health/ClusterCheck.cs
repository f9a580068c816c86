using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.Gateway.Health;

/// <summary>Reports the gateway as ready while some silo answers its pings.</summary>
internal sealed class ClusterCheck(ClusterContact contact) : IHealthCheck
{
    public const string Name = "cluster";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(contact.IsFresh
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"No silo has answered for {contact.Age.TotalSeconds:0} s."));
}
