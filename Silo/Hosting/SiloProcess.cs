using Hype.Hosting.Starting;
using Hype.Hosting.Telemetry;
using Hype.Silo.Clustering;
using Hype.Silo.Health;

namespace Hype.Silo.Hosting;

/// <summary>Configures a silo as a separate process: adds an address for health and metrics, and the default log levels.</summary>
internal static class SiloProcess
{
    public static void AddSiloProcess(this WebApplicationBuilder builder)
    {
        builder.AddLogLevels();
        // Read as text: the address is needed before the options are bound and validated.
        builder.WebHost.UseUrls(builder.Configuration[$"{SiloOptions.Section}:{nameof(SiloOptions.Url)}"] ?? new SiloOptions().Url);
        builder.Services.AddSiloHealth();
        builder.AddHypeTelemetry("hype-silo");
        builder.Services.AddHostedService<SiloStarted>();
        // Longer than the ten seconds in which Orleans hands over grains and checkpoints are written.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
    }
}
