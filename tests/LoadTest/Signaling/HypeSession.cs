using System.Net.WebSockets;
using System.Text.Json;
using Hype.LoadTest.Media;
using Hype.LoadTest.Options;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Signaling;

/// <summary>
/// One participant's session of <c>hype.voice.v1</c>: its seat, its socket (a new one after a lost one), and the paths of the layouts
/// that it plays and prepares.
/// </summary>
internal sealed class HypeSession(LoadOptions options, ParticipantSpec participant, JoinPhases phases, string token) : IVoiceParticipant
{
    // What a browser's user would wait.
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ResumeInterval = TimeSpan.FromMilliseconds(500);

    // owned
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly HashSet<uint> _members = [];
    private readonly PathSet _paths = new();
    private SignalingSocket _socket = new();
    private Task _receiving = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;

    // derived
    private Welcome? _welcome;
    private WireLayout _playing;
    private volatile bool _leaving;
    private bool _disposed;
    private string _lastFailure = "timeout";

    public async Task JoinAsync(CancellationToken stop)
    {
        phases.Reach(JoinPhase.Credentials, PeerDriver.Now);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, _over.Token);
        limit.CancelAfter(JoinLimit);
        try
        {
            await _socket.ConnectAsync(options.Url, limit.Token);
            phases.Reach(JoinPhase.Socket, PeerDriver.Now);
            _receiving = ReceiveAsync();
            var rtt = options.Region is { } region ? new Dictionary<string, double> { [region] = 1 } : null;
            await _socket.TrySendAsync(new { type = "join", channel = participant.Channel, token, muted = !participant.Speaks, rtt }, limit.Token);
            await _joined.Task.WaitAsync(limit.Token);
        }
        catch (WebSocketException error)
        {
            throw new JoinFailedException("socket", $"The signaling socket did not open: {error.Message}", error);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new JoinFailedException(_lastFailure, $"Not connected after {JoinLimit.TotalSeconds:0} s; got as far as {phases.Last}.");
        }
        if (participant.Hears)
            participant.Observer.OnHearing(PeerDriver.Now);
    }

    public void Say(in SpokenFrame frame, int payloadLength, bool startsTurn)
    {
        foreach (var path in _paths.All)
            path.Say(frame, payloadLength, startsTurn);
    }

    /// <summary>Loses the socket as a network does; the session gets itself another one.</summary>
    internal void DropSocket() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        _leaving = true;
        using (var limit = new CancellationTokenSource(LeaveLimit))
        {
            try
            {
                if (_welcome is not null && await _socket.TrySendAsync(new { type = "leave" }, limit.Token))
                    await _receiving.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // The server does not say goodbye: the socket is dropped below, and the seat lapses with its resume window.
            }
        }
        await _over.CancelAsync();
        _socket.Abort();
        await Task.WhenAll(_receiving, _pinging);
        await _paths.DisposeAsync();
        _socket.Dispose();
        _over.Dispose();
    }

    // -- the socket ------------------------------------------------------------------------------------------------------------

    /// <summary>Until the session is over: what comes, in its order, over one socket after the other.</summary>
    private async Task ReceiveAsync()
    {
        try
        {
            do
            {
                while (await _socket.ReceiveAsync(_over.Token) is { } message)
                {
                    using (message)
                    {
                        participant.Observer.OnEvent();
                        if (!await HandleAsync(message.RootElement))
                            return;
                    }
                }
            }
            while (!_leaving && await ResumeAsync());
        }
        catch (OperationCanceledException)
        {
            return; // by our own wish
        }
        catch (Exception error) when (error is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            End("protocol", $"The server said something that docs/signaling.md does not: {error.Message}");
            return;
        }
        if (!_leaving)
            End("socketLost", "The signaling socket was lost and could not be had again.");
    }

    /// <summary>A new socket and the old seat. False: there is none to come back to, or not in time.</summary>
    private async Task<bool> ResumeAsync()
    {
        if (_welcome is not { } seat)
            return false;
        var deadline = PeerDriver.Now + (long)seat.ResumeWindow.TotalMicroseconds;
        while (PeerDriver.Now < deadline)
        {
            var socket = new SignalingSocket();
            try
            {
                await socket.ConnectAsync(options.Url, _over.Token);
                (socket, _socket) = (_socket, socket);
                socket.Dispose();
                return await SendAsync(new { type = "resume", channel = participant.Channel, resumeToken = seat.ResumeToken });
            }
            catch (WebSocketException)
            {
                socket.Dispose();
                await Task.Delay(ResumeInterval, _over.Token);
            }
        }
        return false;
    }

    private async Task PingAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token))
                await SendAsync(new { type = "ping" });
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }

    private Task<bool> SendAsync<T>(T message)
        where T : class => _socket.TrySendAsync(message, _over.Token);

    // -- what the server says --------------------------------------------------------------------------------------------------

    /// <summary>False: the session is over.</summary>
    private async Task<bool> HandleAsync(JsonElement message)
    {
        switch (message.GetProperty("type").GetString())
        {
            case "welcome":
                await OnWelcomeAsync(Welcome.Read(message));
                break;
            case "roster":
                SetMembers(Welcome.ReadNumbers(message.GetProperty("participants")));
                break;
            case "rosterDiff":
                await OnRosterDiffAsync(message);
                break;
            case "mode":
                await OnModeAsync(WireLayout.Read(message));
                break;
            case "offer":
                await OnOfferAsync(message.GetProperty("epoch").GetInt32(), SdpDescription.Parse(message.GetProperty("sdp").GetString()!));
                break;
            case "candidate":
                OnCandidate(message);
                break;
            case "commit":
                OnCommit(WireLayout.Read(message));
                break;
            case "signal" when message.TryGetProperty("description", out var description):
                OnSignal(message.GetProperty("from").GetUInt32(), message.GetProperty("epoch").GetInt32(), description.Clone());
                break;
            case "error" when !_joined.Task.IsCompleted && message.TryGetProperty("inReplyTo", out var type) && type.GetString() == "join":
                Fail(message.GetProperty("code").GetString()!, message.GetProperty("message").GetString()!);
                break;
            case "bye" when !message.GetProperty("reconnect").GetBoolean():
                End(message.GetProperty("reason").GetString()!, message.GetProperty("message").GetString()!);
                return false;
        }
        return true;
    }

    private async Task OnWelcomeAsync(Welcome welcome)
    {
        var first = _welcome is null;
        _welcome = welcome;
        SetMembers(welcome.Members);
        participant.Observer.OnAdmitted(welcome.Slots);
        if (first)
        {
            phases.Reach(JoinPhase.Admitted, PeerDriver.Now);
            _pinging = PingAsync(welcome.PingInterval);
            _playing = welcome.Pending ?? welcome.Layout;
        }
        if (options.ControlOnly)
        {
            _joined.TrySetResult();
            return;
        }

        // Who joins while a layout is being prepared builds only that one. What is missed while a socket was away is made up for.
        if (!first && welcome.Layout.Epoch > _playing.Epoch)
            OnCommit(welcome.Layout);
        var wanted = welcome.Pending ?? welcome.Layout;
        if (!wanted.IsSfu && _paths.Of(wanted.Epoch) is null)
            await BuildMeshAsync(wanted.Epoch, awaitsAll: false);
    }

    private async Task OnRosterDiffAsync(JsonElement diff)
    {
        var left = Welcome.ReadNumbers(diff.GetProperty("left"));
        lock (_gate)
        {
            _members.UnionWith(Welcome.ReadNumbers(diff.GetProperty("joined")));
            _members.ExceptWith(left);
        }
        foreach (var mesh in _paths.All.OfType<MeshPath>())
        {
            foreach (var number in left)
                await mesh.OnLeftAsync(number);
        }
    }

    private async Task OnModeAsync(WireLayout layout)
    {
        if (options.ControlOnly)
            return;
        participant.Observer.OnSwitchBegins(PeerDriver.Now);
        foreach (var replaced in _paths.All.Where(path => path.Epoch > _playing.Epoch && path.Epoch < layout.Epoch))
            _paths.Drop(replaced);
        if (!layout.IsSfu)
            await BuildMeshAsync(layout.Epoch, awaitsAll: true);
    }

    private async Task OnOfferAsync(int epoch, SdpDescription offer)
    {
        if (options.ControlOnly)
            return;
        phases.Reach(JoinPhase.Offered, PeerDriver.Now);
        var path = new SfuPath(participant, epoch, offer);
        if (!await SendAsync(new { type = "answer", epoch, sdp = path.Answer }))
            return;
        _paths.Add(path);
        _paths.Begin(() => ConnectAsync(path, offer));
    }

    private async Task ConnectAsync(SfuPath path, SdpDescription offer)
    {
        try
        {
            await path.ConnectAsync(Candidates.InOrder(offer.Remote.Addresses, options.LocalAddress));
        }
        catch (TransportFailedException failure)
        {
            _lastFailure = failure.Reason;
            _paths.Drop(path);
            await SendAsync(new { type = "failed", epoch = path.Epoch });
            return;
        }
        // A second offer of an epoch is a new transport for one that was lost.
        foreach (var before in _paths.All.TakeWhile(other => other != path).Where(other => other.Epoch == path.Epoch))
            _paths.Drop(before);
        await OnConnectedAsync(path.Epoch);
    }

    private async Task BuildMeshAsync(int epoch, bool awaitsAll)
    {
        uint[] others;
        lock (_gate)
            others = [.. _members.Where(member => member != _welcome!.Number)];
        var lower = others.Where(member => member < _welcome!.Number).ToArray();
        var mesh = new MeshPath(
            participant,
            epoch,
            awaitsAll ? others : lower,
            (to, description) => SendAsync(new { type = "signal", to, epoch, description }),
            async (peer, reason) =>
            {
                _lastFailure = reason;
                await SendAsync(new { type = "failed", epoch, peer });
            });
        _paths.Add(mesh);
        foreach (var member in lower)
            await mesh.OfferAsync(member);
        _paths.Begin(() => WhenReadyAsync(mesh));
    }

    private async Task WhenReadyAsync(MeshPath mesh)
    {
        await mesh.Ready.WaitAsync(_over.Token);
        await OnConnectedAsync(mesh.Epoch);
    }

    private void OnSignal(uint from, int epoch, JsonElement description)
    {
        if (!options.ControlOnly && _paths.Of(epoch) is MeshPath mesh)
            _paths.Begin(() => SignalledAsync(mesh, from, description));
    }

    private async Task SignalledAsync(MeshPath mesh, uint from, JsonElement description)
    {
        try
        {
            await mesh.OnSignalAsync(from, description);
        }
        catch (Exception unusable) when (unusable is FormatException or TransportFailedException)
        {
            await SendAsync(new { type = "failed", epoch = mesh.Epoch, peer = from });
        }
    }

    private void OnCandidate(JsonElement message)
    {
        var text = message.GetProperty("candidate").GetProperty("candidate").GetString()!;
        if (_paths.Of(message.GetProperty("epoch").GetInt32()) is SfuPath path && SdpDescription.TryReadCandidate(text, out var address))
            path.MoveTo(address);
    }

    private void OnCommit(WireLayout layout)
    {
        _playing = layout;
        participant.Observer.OnSwitchCommitted(PeerDriver.Now);
        foreach (var path in _paths.All.Where(path => path.Epoch < layout.Epoch))
            _paths.DropLater(path);
    }

    private async Task OnConnectedAsync(int epoch)
    {
        phases.Reach(JoinPhase.Connected, PeerDriver.Now);
        _joined.TrySetResult();
        await SendAsync(new { type = "ready", epoch });
    }

    // -- members ---------------------------------------------------------------------------------------------------------------

    private void SetMembers(IEnumerable<uint> members)
    {
        lock (_gate)
        {
            _members.Clear();
            _members.UnionWith(members);
        }
    }

    // -- ends ------------------------------------------------------------------------------------------------------------------

    private void Fail(string reason, string message) => _joined.TrySetException(new JoinFailedException(reason, message));

    private void End(string reason, string message)
    {
        if (_joined.Task.IsCompletedSuccessfully)
        {
            if (!_leaving)
                participant.Observer.OnLost(reason, PeerDriver.Now);
        }
        else
        {
            Fail(reason, message);
        }
    }
}
