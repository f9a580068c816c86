using Hype.Silo.Clustering;
using Microsoft.Extensions.Options;

namespace Hype.Silo.Hosting;

/// <summary>Logs when this silo becomes an active member of its cluster, and when it leaves.</summary>
internal sealed partial class SiloStarted(
    ILocalSiloDetails silo, IOptions<SiloOptions> options, IHostApplicationLifetime lifetime, ILogger<SiloStarted> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => LogJoined(silo.SiloAddress, options.Value.Region, silo.ClusterId));
        lifetime.ApplicationStopping.Register(() => LogLeaves(silo.SiloAddress, silo.ClusterId));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} of region {Region} has joined cluster {Cluster}")]
    private partial void LogJoined(SiloAddress silo, string region, string cluster);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} leaves cluster {Cluster}: its grains move to others")]
    private partial void LogLeaves(SiloAddress silo, string cluster);
}
