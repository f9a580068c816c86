using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.Gateway.Health;

/// <summary>Ready is a gateway whose grains answer.</summary>
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
            // A state that is to be expected, for one line of the log.
            return new HealthCheckResult(context.Registration.FailureStatus, $"The grains do not answer: {exception.Message}");
        }
    }
}
