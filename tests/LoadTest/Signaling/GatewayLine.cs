using System.Net.WebSockets;
using System.Text.Json;
using Hype.MediaClient;

namespace Hype.LoadTest.Signaling;

/// <summary>
/// One participant's connection to the gateways. It replaces a lost socket by a new one, at another gateway if there is one. One caller
/// connects and receives; any caller may send.
/// </summary>
internal sealed class GatewayLine(GatewayRing gateways) : IDisposable
{
    // A vanished host refuses nothing and answers nothing.
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(2);

    private SignalingSocket _socket = new();

    /// <summary>Opens the first socket, at the first gateway that accepts it.</summary>
    /// <exception cref="WebSocketException">No gateway accepted the socket; this is the error of the last gateway.</exception>
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

    /// <summary>Returns the next message; null: the socket was closed or lost.</summary>
    public Task<JsonDocument?> ReceiveAsync(CancellationToken stop) => _socket.ReceiveAsync(stop);

    /// <summary>Sends a message. Returns false if the socket is lost; the receiving caller detects the loss too.</summary>
    public Task<bool> TrySendAsync<T>(T message, CancellationToken stop)
        where T : class => _socket.TrySendAsync(message, stop);

    /// <inheritdoc cref="SignalingSocket.ProbeAsync"/>
    public Task ProbeAsync(TimeSpan limit, CancellationToken stop) => _socket.ProbeAsync(limit, stop);

    /// <summary>Opens a new socket, at another gateway if there is one.</summary>
    /// <param name="backoff">The delays between the attempts, counted since the loss of the socket.</param>
    /// <param name="deadline">The time in µs after which the session cannot be resumed.</param>
    /// <returns>False if no socket was open before the deadline.</returns>
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
                // Try the next one.
            }
        }
    }

    /// <summary>Drops the socket, as a network failure does.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>Releases the socket. Call it only when no receive is pending.</summary>
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
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is OperationCanceledException && !stop.IsCancellationRequested)
                throw new WebSocketException($"{gateways.Current} did not answer within {AttemptLimit.TotalSeconds:0} s.", exception);
            throw;
        }

        (socket, _socket) = (_socket, socket);
        socket.Dispose();
    }
}
