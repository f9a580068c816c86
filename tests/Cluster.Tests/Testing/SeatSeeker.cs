using System.Text.Json;
using Hype.LoadTest.Signaling;

namespace Hype.Cluster.Tests.Testing;

/// <summary>A client without media that joins a channel over its own socket and reports the gateway's answer.</summary>
internal sealed class SeatSeeker(SignalingSocket socket, string channel, string token) : IDisposable
{
    private bool _seated;

    public static async Task<SeatSeeker> ConnectAsync(
        LocalCluster cluster, Uri gateway, string channel, string identity, CancellationToken stop)
    {
        var socket = new SignalingSocket();
        await socket.ConnectAsync(SignalingSocket.UrlOf(gateway), stop);
        return new SeatSeeker(socket, channel, cluster.Tokens.Sign(identity, channel, ["join"], DateTimeOffset.UtcNow.AddHours(1)));
    }

    /// <summary>Sends a join, and waits for the answer.</summary>
    /// <returns><c>welcome</c>, or the code of the error.</returns>
    /// <exception cref="InvalidOperationException">The gateway closed the socket without an answer.</exception>
    public async Task<string> AskAsync(CancellationToken stop)
    {
        await socket.TrySendAsync(new { type = "join", channel, token, muted = true }, stop);
        var answer = await NextAsync(message => message.GetProperty("type").GetString() is "welcome" or "error", stop);
        _seated = answer.GetProperty("type").GetString() == "welcome";
        return _seated ? "welcome" : answer.GetProperty("code").GetString()!;
    }

    /// <summary>Leaves the channel, if the join was admitted, and returns when the seat is free again.</summary>
    /// <exception cref="InvalidOperationException">The gateway closed the socket without an answer.</exception>
    public async Task LeaveAsync(CancellationToken stop)
    {
        if (!_seated)
            return;
        await socket.TrySendAsync(new { type = "leave" }, stop);
        await NextAsync(message => message.GetProperty("type").GetString() == "bye", stop);
    }

    public void Dispose() => socket.Dispose();

    private async Task<JsonElement> NextAsync(Predicate<JsonElement> wanted, CancellationToken stop)
    {
        while (await socket.ReceiveAsync(stop) is { } message)
        {
            using (message)
            {
                if (wanted(message.RootElement))
                    return message.RootElement.Clone();
            }
        }

        throw new InvalidOperationException("The gateway closed the socket without an answer.");
    }
}
