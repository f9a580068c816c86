using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hype.Gateway.Hosting;

/// <summary>Logs the address for a browser as soon as the gateway has started.</summary>
internal sealed partial class StartMessage(IServer server, IHostApplicationLifetime lifetime, ILogger<StartMessage> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => LogOpen(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Hype is ready: open {Url}")]
    private partial void LogOpen(string url);
}
