using Hype.Gateway.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.Gateway.Health;

/// <summary>Ready is a gateway whose grains answer.</summary>
internal sealed class GrainsHealthCheck(GrainAccess grains) : IHealthCheck
{
    public const string Name = "grains";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await grains.Ask(grains.Index(0).List()).WaitAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
