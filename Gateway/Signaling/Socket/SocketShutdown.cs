using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>Tells every client that this gateway stops, before the server starts to wait for their sockets to end.</summary>
internal sealed class SocketShutdown(SessionRegistry registry, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() =>
        {
            foreach (var connection in registry.Connections)
                connection.Close(CloseReason.Shutdown);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
