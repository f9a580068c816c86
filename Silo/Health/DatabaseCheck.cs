using Hype.Clustering;
using Hype.Silo.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hype.Silo.Health;

/// <summary>
/// Reports a silo without its database as degraded, which still counts as ready: conversations continue, and removing the silo from
/// service would not help. All requests of a second share one query.
/// </summary>
internal sealed class DatabaseCheck(IOptions<ClusterOptions> cluster, IServiceProvider services, TimeProvider time) : IHealthCheck
{
    private readonly SharedResult<string?> _flaw = new(time);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (ClusterOptions.IsEmbedded(cluster.Value.Provider))
            return HealthCheckResult.Healthy();
        return await _flaw.GetAsync(FindFlawAsync).WaitAsync(cancellationToken) is { } flaw
            ? new HealthCheckResult(context.Registration.FailureStatus, flaw)
            : HealthCheckResult.Healthy();
    }

    private async Task<string?> FindFlawAsync()
    {
        try
        {
            await services.GetRequiredService<PostgreSqlGrainDatabase>().MissingAsync(CancellationToken.None);
            return null;
        }
        catch (NpgsqlException exception)
        {
            return exception.Message;
        }
    }
}
