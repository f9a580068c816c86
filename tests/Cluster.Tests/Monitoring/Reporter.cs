using Hype.Cluster.Tests.Testing;
using Hype.LoadTest.Signaling;

namespace Hype.Cluster.Tests.Monitoring;

/// <summary>A mesh member without media that sends <c>quality</c> reports as the browser SDK does (docs/signaling.md).</summary>
internal sealed class Reporter : IAsyncDisposable
{
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(20);

    private readonly SignalingSocket _socket = new();

    private Reporter()
    {
    }

    /// <summary>Joins a channel through the first gateway, and checks the gateway's answer.</summary>
    /// <param name="believed">False to send a token without a valid signature, which the gateway must refuse.</param>
    public static async Task<Reporter> JoinAsync(LocalCluster cluster, string channel, string identity, bool believed = true)
    {
        using var limit = new CancellationTokenSource(JoinLimit);
        var reporter = new Reporter();
        await reporter._socket.ConnectAsync(SignalingSocket.UrlOf(cluster.Gateways.First().Url!), limit.Token);
        var token = believed ? cluster.Tokens.Sign(identity, channel, ["join", "speak", "listen"], DateTimeOffset.UtcNow.AddMinutes(5))
            : "not.a.token";
        await reporter._socket.TrySendAsync(new { type = "join", channel, token, muted = false, deafened = false }, limit.Token);
        using var answer = await reporter._socket.ReceiveAsync(limit.Token);
        Assert.That(answer?.RootElement.GetProperty("type")
            .GetString(), Is.EqualTo(believed ? "welcome" : "error"), answer?.RootElement.ToString());
        return reporter;
    }

    public async Task ReportAsync()
    {
        await _socket.TrySendAsync(new { type = "ready", epoch = 1 }, CancellationToken.None);
        await _socket.TrySendAsync(new
        {
            type = "quality",
            rttMs = 23.5,
            lossPercent = 0.4,
            jitterMs = 3.1,
            firstAudioMs = 212.4,
            switchGapMs = 0.6
        }, CancellationToken.None);
    }

    /// <summary>Leaves the channel: a member that only lost its socket would hold its seat until its resume window ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _socket.TrySendAsync(new { type = "leave" }, CancellationToken.None);
        _socket.Abort();
        _socket.Dispose();
    }
}
