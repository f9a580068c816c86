using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.MediaNode.Control;

/// <summary>Ready is a node that has registered and that the control plane hears: only then is it given rooms.</summary>
internal sealed class ContactCheck(ControlContact contact) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        contact.IsFresh(contact.Now)
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The control plane has not acknowledged a message of this node within the last 5 s."));
}
