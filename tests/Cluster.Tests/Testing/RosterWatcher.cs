using System.Net.WebSockets;
using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Hype.LoadTest.Signaling;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A member without media that follows the roster as docs/signaling.md describes: it starts from the snapshot, applies the differences in
/// sequence, sends <c>sync</c> if one is missing, and resumes after a lost socket. Its roster is thus the one that any correct client has.
/// </summary>
internal sealed class RosterWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private static int _lastWatcher;

    private readonly LocalCluster _cluster;
    private readonly string _channel;
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, MemberState> _members = [];
    private SignalingSocket _socket = new();
    private Task _running = Task.CompletedTask;
    private string _resumeToken = "";
    private long _seq;

    private RosterWatcher(LocalCluster cluster, string channel) => (_cluster, _channel) = (cluster, channel);

    /// <summary>The number of differences that arrived in sequence and were applied.</summary>
    public int Differences { get; private set; }

    /// <summary>
    /// Joins a channel through the first gateway; after a lost socket, the watcher resumes through any gateway that accepts it.
    /// </summary>
    public static async Task<RosterWatcher> JoinAsync(LocalCluster cluster, string channel)
    {
        var watcher = new RosterWatcher(cluster, channel);
        var identity = $"watcher-{Interlocked.Increment(ref _lastWatcher)}";
        await watcher._socket.ConnectAsync(SignalingSocket.UrlOf(cluster.Gateways.First().Url!), watcher._over.Token);
        await watcher._socket.TrySendAsync(new
        {
            type = "join",
            channel,
            token = cluster.Tokens.Sign(
            identity, channel, ["join"], DateTimeOffset.UtcNow.AddHours(1)),
            muted = true
        }, watcher._over.Token);
        watcher._running = watcher.RunAsync();
        await watcher._admitted.Task.WaitAsync(Limit);
        return watcher;
    }

    /// <summary>Waits until the watcher's roster equals the channel's state: the same members with the same mutes.</summary>
    public async Task AgreesAsync()
    {
        IReadOnlyList<MemberState> truth = [];
        await Waiting.UntilAsync(
            async () => (truth = (await _cluster.BackOffice.GetAsync(_channel)).Members).SequenceEqual(Members),
            Limit,
            () => $"the watcher has {string.Join(", ", Members)}, the channel {string.Join(", ", truth)}",
            hopeless: () => _running.IsFaulted);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _socket.Abort();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _over.Dispose();
    }

    private MemberState[] Members
    {
        get
        {
            lock (_gate)
                return [.. _members.Values.OrderBy(member => member.Number)];
        }
    }

    private async Task RunAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            while (await _socket.ReceiveAsync(_over.Token) is { } message)
            {
                using (message)
                    await HandleAsync(message.RootElement);
            }

            await ResumeAsync();
        }
    }

    private async Task ResumeAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            var gateways = _cluster.Gateways.ToArray();
            var socket = new SignalingSocket();
            try
            {
                await socket.ConnectAsync(SignalingSocket.UrlOf(gateways[attempt % gateways.Length].Url!), _over.Token);
                (socket, _socket) = (_socket, socket);
                socket.Dispose();
                await _socket.TrySendAsync(new { type = "resume", channel = _channel, resumeToken = _resumeToken }, _over.Token);
                return;
            }
            catch (WebSocketException)
            {
                socket.Dispose();
                await Task.Delay(RetryInterval, _over.Token);
            }
        }
    }

    private async Task HandleAsync(JsonElement message)
    {
        switch (message.GetProperty("type").GetString())
        {
            case "welcome":
                _resumeToken = message.GetProperty("resumeToken").GetString()!;
                Replace(message);
                _admitted.TrySetResult();
                break;
            case "roster":
                Replace(message);
                break;
            case "rosterDiff" when message.GetProperty("seq").GetInt64() == _seq + 1:
                Change(message);
                break;
            case "rosterDiff":
                await _socket.TrySendAsync(new { type = "sync" }, _over.Token);
                break;
            case "error" when !message.GetProperty("retryable").GetBoolean():
                throw new InvalidOperationException($"The watcher was refused: {message.GetRawText()}");
        }
    }

    private void Replace(JsonElement snapshot)
    {
        lock (_gate)
        {
            _seq = snapshot.GetProperty("seq").GetInt64();
            _members.Clear();
            foreach (var member in snapshot.GetProperty("participants").EnumerateArray().Select(Read))
                _members[member.Number] = member;
        }
    }

    private void Change(JsonElement difference)
    {
        lock (_gate)
        {
            _seq++;
            Differences++;
            foreach (var member in difference.GetProperty("joined").EnumerateArray()
                .Concat(difference.GetProperty("changed").EnumerateArray()).Select(Read))
                _members[member.Number] = member;
            foreach (var left in difference.GetProperty("left").EnumerateArray())
                _members.Remove(left.GetProperty("number").GetUInt32());
        }
    }

    private static MemberState Read(JsonElement member) => new(
        member.GetProperty("number").GetUInt32(),
        member.GetProperty("identity").GetString()!,
        member.GetProperty("muted").GetBoolean(),
        member.GetProperty("deafened").GetBoolean(),
        member.GetProperty("serverMuted").GetBoolean());
}
