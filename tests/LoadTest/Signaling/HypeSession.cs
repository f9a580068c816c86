using System.Net.WebSockets;
using System.Text.Json;
using Hype.LoadTest.Options;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Signaling;

/// <summary>
/// One participant's session of <c>hype.voice.v1</c>. It handles the server's messages, and resumes on a new socket after each loss of the
/// old one. <see cref="SessionMedia"/> owns the session's media transports.
/// </summary>
internal sealed class HypeSession : IVoiceParticipant
{
    // The time that a browser's user would wait.
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(3);

    // After a ping, a gateway that sends nothing for this time counts as lost, as in the SDK.
    private static readonly TimeSpan PongLimit = TimeSpan.FromSeconds(5);

    // Injected.
    private readonly LoadOptions _options;
    private readonly ParticipantSpec _participant;
    private readonly JoinPhases _phases;
    private readonly string _token;

    // Owned.
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemberNumbers _members = new();
    private readonly GatewayRing _gateways;
    private readonly GatewayLine _line;
    private readonly SessionMedia _media;
    private Task _receiving = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;

    // Derived.
    private Welcome? _welcome;
    private Loss? _loss;
    private int _moves;
    private volatile bool _leaving;
    private bool _disposed;

    public HypeSession(LoadOptions options, ParticipantSpec participant, JoinPhases phases, string token)
    {
        (_options, _participant, _phases, _token) = (options, participant, phases, token);
        // Spread over the gateways, so that the loss of one affects only some sessions.
        _gateways = new GatewayRing(options.Gateways, participant.Number - 1);
        _line = new GatewayLine(_gateways);
        _media = new SessionMedia(options, participant, phases, _members, SendAsync, () => _joined.TrySetResult(), _over.Token);
    }

    public async Task JoinAsync(CancellationToken stop)
    {
        _phases.Reach(JoinPhase.Credentials, PeerDriver.Now);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, _over.Token);
        limit.CancelAfter(JoinLimit);
        try
        {
            await _line.ConnectAsync(limit.Token);
            _phases.Reach(JoinPhase.Socket, PeerDriver.Now);
            _receiving = ReceiveAsync();
            var rtt = _options.Region is { } region ? new Dictionary<string, double> { [region] = 1 } : null;
            await _line.TrySendAsync(
                new { type = "join", channel = _participant.Channel, token = _token, muted = !_participant.Speaks, rtt }, limit.Token);
            await _joined.Task.WaitAsync(limit.Token);
        }
        catch (WebSocketException exception)
        {
            throw new JoinFailedException("socket", $"The signaling socket did not open: {exception.Message}", exception);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new JoinFailedException(
                _media.LastFailure ?? "timeout", $"Not connected after {JoinLimit.TotalSeconds:0} s; got as far as {_phases.Last}.");
        }

        if (_participant.Hears)
            _participant.Observer.OnHearing(PeerDriver.Now);
    }

    public void Say(in SpokenFrame frame, int payloadLength, bool startsTurn) => _media.Say(frame, payloadLength, startsTurn);

    /// <summary>Drops the socket, as a network failure does; the session opens another one.</summary>
    internal void DropSocket() => _line.Abort();

    /// <summary>
    /// Ends the session as the death of its process does: nothing is sent, neither on the socket nor on the media transports. The thread
    /// of the participant must be disposed before.
    /// </summary>
    internal async Task VanishAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        _leaving = true;
        await _over.CancelAsync();
        _line.Abort();
        await Task.WhenAll(_receiving, _pinging);
        _line.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        _leaving = true;
        using (var limit = new CancellationTokenSource(LeaveLimit))
        {
            try
            {
                if (_welcome is not null && await _line.TrySendAsync(new { type = "leave" }, limit.Token))
                    await _receiving.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // The server does not answer the leave: the socket is dropped below, and the session expires with its resume window.
            }
        }

        await _over.CancelAsync();
        _line.Abort();
        await Task.WhenAll(_receiving, _pinging);
        await _media.DisposeAsync();
        _line.Dispose();
        _over.Dispose();
    }

    // -- the socket ------------------------------------------------------------------------------------------------------------

    /// <summary>
    /// Handles the server's messages in order until the session is over, and resumes the session on a new socket after each loss.
    /// </summary>
    private async Task ReceiveAsync()
    {
        try
        {
            do
            {
                while (await _line.ReceiveAsync(_over.Token) is { } message)
                {
                    using (message)
                    {
                        _participant.Observer.OnEvent();
                        if (!await HandleAsync(message.RootElement))
                            return;
                    }
                }
            }
            while (!_leaving && await ResumeAsync());
        }
        catch (OperationCanceledException)
        {
            return; // requested by this side
        }
        catch (Exception exception)
            when (exception is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            End("protocol", $"The server sent a message that docs/signaling.md does not describe: {exception.Message}");
            return;
        }

        if (!_leaving)
            End("socketLost", "The signaling socket was lost and could not be replaced.");
    }

    /// <summary>
    /// Opens a new socket and resumes the session. Returns false if there is no session to resume, or if no socket was open in time.
    /// </summary>
    private async Task<bool> ResumeAsync()
    {
        if (_welcome is not { } welcome)
            return false;
        if (_loss is null)
        {
            _loss = new Loss(new Backoff(), PeerDriver.Now + (long)welcome.ResumeWindow.TotalMicroseconds);
            _participant.Observer.OnMoment(SessionMoment.SocketLost, PeerDriver.Now);
        }

        if (!await _line.ReconnectAsync(_loss.Backoff, _loss.Deadline, _over.Token))
            return false;
        // Lost again already? Then there is nothing to receive either, and the next attempt follows.
        await SendAsync(new { type = "resume", channel = _participant.Channel, resumeToken = welcome.ResumeToken, moves = _moves });
        return true;
    }

    private async Task PingAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token))
                await _line.ProbeAsync(PongLimit, _over.Token);
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }

    private Task<bool> SendAsync(object message) => _line.TrySendAsync(message, _over.Token);

    // -- messages of the server -----------------------------------------------------------------------------------------------

    /// <summary>Handles one message of the server. Returns false if the session is over.</summary>
    private async Task<bool> HandleAsync(JsonElement message)
    {
        switch (message.GetProperty("type").GetString())
        {
            case "welcome":
                await OnWelcomeAsync(Welcome.Read(message));
                break;
            case "roster":
                _members.Replace(Welcome.ReadNumbers(message.GetProperty("participants")));
                break;
            case "rosterDiff":
                var left = Welcome.ReadNumbers(message.GetProperty("left"));
                _members.Change(Welcome.ReadNumbers(message.GetProperty("joined")), left);
                await _media.OnLeftAsync(left);
                break;
            case "error" when message.TryGetProperty("inReplyTo", out var type) && type.GetString() is "join" or "resume":
                return OnRefused(message);
            case "bye" when !message.GetProperty("reconnect").GetBoolean():
                End(message.GetProperty("reason").GetString()!, message.GetProperty("message").GetString()!);
                return false;
            case var aboutMedia when !_options.ControlOnly:
                await OnMediaAsync(aboutMedia, message);
                break;
        }

        return true;
    }

    private async Task OnMediaAsync(string? type, JsonElement message)
    {
        switch (type)
        {
            case "mode":
                await _media.PrepareAsync(WireLayout.Read(message));
                break;
            case "commit":
                _media.Commit(WireLayout.Read(message));
                break;
            case "offer" when message.TryGetProperty("restart", out var restart) && restart.GetBoolean():
                _moves++;
                await _media.OnRestartAsync(EpochOf(message), ReadSdp(message));
                break;
            case "offer":
                await _media.OnOfferAsync(EpochOf(message), ReadSdp(message));
                break;
            case "candidate":
                _moves++;
                _media.OnCandidate(EpochOf(message), message.GetProperty("candidate").GetProperty("candidate").GetString()!);
                break;
            case "signal" when message.TryGetProperty("description", out var description):
                _media.OnSignal(message.GetProperty("from").GetUInt32(), EpochOf(message), description.Clone());
                break;
        }
    }

    private async Task OnWelcomeAsync(Welcome welcome)
    {
        var first = _welcome is null;
        _welcome = welcome;
        _gateways.Learn(welcome.Gateways);
        _members.Replace(welcome.Members);
        _participant.Observer.OnAdmitted(welcome.Number, welcome.Slots);
        if (first)
        {
            _phases.Reach(JoinPhase.Admitted, PeerDriver.Now);
            _pinging = PingAsync(welcome.PingInterval);
        }

        if (Interlocked.Exchange(ref _loss, null) is not null)
            _participant.Observer.OnMoment(SessionMoment.Resumed, PeerDriver.Now);
        if (_options.ControlOnly)
            _joined.TrySetResult();
        else
            await (first ? _media.StartAsync(welcome) : _media.ResumeAsync(welcome));
    }

    /// <summary>
    /// Handles a refused join or resume. Returns false if the session has ended, because its resume was refused and cannot be retried.
    /// </summary>
    private bool OnRefused(JsonElement error)
    {
        var (code, sentence) = (error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!);
        if (_loss is null)
        {
            if (!_joined.Task.IsCompleted)
                Fail(code, sentence);
            return true;
        }

        if (!error.GetProperty("retryable").GetBoolean())
        {
            End(code, sentence);
            return false;
        }

        _line.Abort(); // retry, elsewhere or later
        return true;
    }

    private static int EpochOf(JsonElement message) => message.GetProperty("epoch").GetInt32();

    private static SdpDescription ReadSdp(JsonElement message) => SdpDescription.Parse(message.GetProperty("sdp").GetString()!);

    // -- ends ------------------------------------------------------------------------------------------------------------------

    private void Fail(string reason, string message) => _joined.TrySetException(new JoinFailedException(reason, message));

    private void End(string reason, string message)
    {
        if (!_joined.Task.IsCompletedSuccessfully)
            Fail(reason, message);
        else if (!_leaving)
            _participant.Observer.OnLost(reason, PeerDriver.Now);
    }

    /// <summary>The state of a session between the loss of its socket and the resume on another one.</summary>
    /// <param name="Deadline">The end of the resume window, in µs.</param>
    private sealed record Loss(Backoff Backoff, long Deadline);
}
