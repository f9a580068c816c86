using Hype.MediaNode.Tickets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.MediaNode.Health;

/// <summary>
/// Reports the node as ready if the control plane has recently acknowledged one of its messages: only then can the node receive rooms. A
/// node without contact continues to forward media, so a failed check must not stop the process.
/// </summary>
internal sealed class ContactCheck(ControlContact contact) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(contact.IsFresh(contact.Now)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The control plane has not acknowledged anything for {contact.Age.TotalSeconds:0} s."));
}
