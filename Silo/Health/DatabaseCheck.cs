using Hype.Clustering;
using Hype.Silo.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hype.Silo.Health;

/// <summary>
/// Without its database a silo is degraded, which still counts as ready: those who talk go on, and taking the silo out of
/// service would help nobody.
/// </summary>
internal sealed class DatabaseCheck(IOptions<ClusterOptions> cluster, IServiceProvider services) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (ClusterOptions.IsEmbedded(cluster.Value.Provider))
            return HealthCheckResult.Healthy();
        try
        {
            await services.GetRequiredService<PostgreSqlGrainDatabase>().MissingAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message);
        }
    }
}
