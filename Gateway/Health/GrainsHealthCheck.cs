using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.Gateway.Health;

/// <summary>Reports the gateway as ready while grains answer its calls.</summary>
internal sealed class GrainsHealthCheck(GrainAccess grains) : IHealthCheck
{
    public const string Name = "grains";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await grains.Ask(grains.Index(0).List()).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (GrainAccess.ErrorOf(exception) == VoiceError.Unavailable)
        {
            // This state is expected during start-up and outages: it is one line of the log.
            return new HealthCheckResult(context.Registration.FailureStatus, $"The grains do not answer: {exception.Message}");
        }
    }
}
