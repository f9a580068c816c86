using Hype.Clustering;
using Hype.Silo.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hype.Silo.Health;

/// <summary>
/// Reports a silo without its database as degraded, which still counts as ready: conversations continue, and removing the silo from
/// service would not help.
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
