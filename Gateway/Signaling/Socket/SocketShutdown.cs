using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>Closes every socket with <c>bye</c> when this gateway stops, before the web server waits for its connections to end.</summary>
internal sealed class SocketShutdown(SessionRegistry registry, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() =>
        {
            foreach (var connection in registry.Sockets)
                connection.Close(SocketCloseReason.Shutdown);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
