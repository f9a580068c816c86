using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hype.Silo.Health;

/// <summary>The health checks of a silo. Live: the process answers. Ready: the silo is an active member of its cluster.</summary>
internal static class SiloHealth
{
    public static void AddSiloHealth(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseCheck>();
        services.AddHealthChecks()
            .AddCheck<MembershipCheck>("membership")
            .AddCheck<DatabaseCheck>("database", failureStatus: HealthStatus.Degraded);
    }

    public static void MapSiloHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
    }
}
