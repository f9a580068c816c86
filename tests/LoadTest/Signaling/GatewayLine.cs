using System.Net.WebSockets;
using System.Text.Json;
using Hype.MediaClient;

namespace Hype.LoadTest.Signaling;

/// <summary>
/// One participant's line to the gateways: one socket after the other, and while there is none, attempts to get another. One caller
/// connects and receives; any may send.
/// </summary>
internal sealed class GatewayLine(GatewayRing gateways) : IDisposable
{
    // A host that vanished refuses nothing and answers nothing.
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(2);

    private SignalingSocket _socket = new();

    /// <summary>Opens the first socket, at any of the gateways.</summary>
    /// <exception cref="WebSocketException">None of them takes it; the last one's answer.</exception>
    public async Task ConnectAsync(CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await OpenAsync(stop);
                return;
            }
            catch (WebSocketException) when (attempt < gateways.Count)
            {
                gateways.Next();
            }
        }
    }

    /// <summary>The next message; null: the socket was closed or lost.</summary>
    public Task<JsonDocument?> ReceiveAsync(CancellationToken stop) => _socket.ReceiveAsync(stop);

    /// <summary>False: the socket is gone; whoever receives will see it too.</summary>
    public Task<bool> TrySendAsync<T>(T message, CancellationToken stop)
        where T : class => _socket.TrySendAsync(message, stop);

    /// <summary>A new socket, at another gateway if there is one.</summary>
    /// <param name="backoff">Of all attempts since the seat was lost.</param>
    /// <param name="deadline">µs: after that there is nothing to come back to.</param>
    /// <returns>False: not in time.</returns>
    public async Task<bool> ReconnectAsync(Backoff backoff, long deadline, CancellationToken stop)
    {
        while (true)
        {
            gateways.Next();
            await Task.Delay(backoff.Next(), stop);
            if (PeerDriver.Now >= deadline)
                return false;
            try
            {
                await OpenAsync(stop);
                return true;
            }
            catch (WebSocketException)
            {
                // The next one, then.
            }
        }
    }

    /// <summary>Loses the socket as a network does.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>Only when nobody receives any more.</summary>
    public void Dispose() => _socket.Dispose();

    private async Task OpenAsync(CancellationToken stop)
    {
        var socket = new SignalingSocket();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(AttemptLimit);
        try
        {
            await socket.ConnectAsync(gateways.Current, limit.Token);
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is OperationCanceledException && !stop.IsCancellationRequested)
                throw new WebSocketException($"{gateways.Current} did not answer within {AttemptLimit.TotalSeconds:0} s.", error);
            throw;
        }
        (socket, _socket) = (_socket, socket);
        socket.Dispose();
    }
}
