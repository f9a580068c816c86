using Hype.MediaNode.Tickets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.MediaNode.Health;

/// <summary>Ready is a node that the control plane has heard lately: it can be given channels. One that is not goes on forwarding, so it is no reason to end it.</summary>
internal sealed class ContactCheck(ControlContact contact) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(contact.IsFresh(contact.Now)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The control plane has not acknowledged anything for {contact.Age.TotalSeconds:0} s."));
}
