using System.Text.Json;
using Hype.LoadTest.Media;
using Hype.LoadTest.Options;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Signaling;

/// <summary>
/// One session's media. It builds a path (the transports of one layout) for each layout that the server prepares, moves the path to
/// another node on the server's request, and closes the paths of earlier layouts. A single caller passes the server's messages in their
/// order.
/// </summary>
/// <param name="send">Sends a message to the server; false: the socket is lost.</param>
/// <param name="connected">Reports that a path of the newest layout is connected.</param>
internal sealed class SessionMedia(
    LoadOptions options, ParticipantSpec participant, JoinPhases phases, MemberNumbers members, Func<object, Task<bool>> send,
        Action connected, CancellationToken over) : IAsyncDisposable
{
    private readonly PathSet _paths = new();
    private WireLayout _playing;
    private uint _self;

    /// <summary>The reason why the most recent failed transport did not connect, as a keyword; null: no transport has failed.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Sends a frame on each path. Called on the media thread.</summary>
    public void Say(in SpokenFrame frame, int payloadLength, bool startsTurn)
    {
        foreach (var path in _paths.All)
            path.Say(frame, payloadLength, startsTurn);
    }

    /// <summary>Starts sending and receiving media, as the session's first <c>welcome</c> describes.</summary>
    public Task StartAsync(Welcome welcome)
    {
        _self = welcome.Number;
        // A participant that joins while a layout is being prepared builds only that one.
        _playing = welcome.Pending ?? welcome.Layout;
        return CatchUpAsync(welcome);
    }

    /// <summary>
    /// Applies the layout changes that the session missed while its socket was lost, as the <c>welcome</c> after a resume describes.
    /// </summary>
    public Task ResumeAsync(Welcome welcome)
    {
        if (welcome.Layout.Epoch > _playing.Epoch)
            Commit(welcome.Layout);
        return CatchUpAsync(welcome);
    }

    public async Task OnLeftAsync(IReadOnlyList<uint> left)
    {
        foreach (var mesh in _paths.All.OfType<MeshPath>())
        {
            foreach (var number in left)
                await mesh.OnLeftAsync(number);
        }
    }

    public async Task PrepareAsync(WireLayout layout)
    {
        participant.Observer.OnSwitchBegins(PeerDriver.Now);
        foreach (var replaced in _paths.All.Where(path => path.Epoch > _playing.Epoch && path.Epoch < layout.Epoch))
            _paths.Drop(replaced);
        if (!layout.IsSfu)
            await BuildMeshAsync(layout.Epoch, awaitsAll: true);
    }

    public void Commit(WireLayout layout)
    {
        _playing = layout;
        participant.Observer.OnSwitchCommitted(PeerDriver.Now);
        foreach (var path in _paths.All.Where(path => path.Epoch < layout.Epoch))
            _paths.DropLater(path);
    }

    public async Task OnOfferAsync(int epoch, SdpDescription offer)
    {
        phases.Reach(JoinPhase.Offered, PeerDriver.Now);
        if (_paths.Of(epoch) is SfuPath)
            participant.Observer.OnMoment(SessionMoment.ReplacementReceived, PeerDriver.Now);
        var path = new SfuPath(participant, epoch, offer);
        if (!await send(new { type = "answer", epoch, sdp = path.Answer }))
            return;
        _paths.Add(path);
        _paths.Begin(() => ConnectAsync(path, offer));
    }

    /// <summary>Answers an ICE restart, if the simulated client supports restarts.</summary>
    public async Task OnRestartAsync(int epoch, SdpDescription offer)
    {
        participant.Observer.OnMoment(SessionMoment.RestartReceived, PeerDriver.Now);
        if (options.Follow > MoveWay.IceRestart)
            return;
        if (_paths.Of(epoch) is SfuPath { IsUp: true } path)
            await send(new { type = "answer", epoch, sdp = path.Restart(offer, CandidatesOf(offer)) });
        else
            await send(new { type = "failed", epoch });
    }

    /// <summary>Moves the path to a new address of its endpoint, if the simulated client supports late candidates.</summary>
    /// <param name="candidate">The value of <c>RTCIceCandidateInit.candidate</c>.</param>
    public void OnCandidate(int epoch, string candidate)
    {
        participant.Observer.OnMoment(SessionMoment.CandidateReceived, PeerDriver.Now);
        if (options.Follow > MoveWay.Candidate || _paths.Of(epoch) is not SfuPath path)
            return;
        if (SdpDescription.TryReadCandidate(candidate, out var address, out var priority)
            && Candidates.InOrder([address], options.LocalAddress).Count > 0)
            path.Follow(address, priority);
    }

    public void OnSignal(uint from, int epoch, JsonElement description)
    {
        if (_paths.Of(epoch) is MeshPath mesh)
            _paths.Begin(() => SignalledAsync(mesh, from, description));
    }

    public ValueTask DisposeAsync() => _paths.DisposeAsync();

    private async Task CatchUpAsync(Welcome welcome)
    {
        var wanted = welcome.Pending ?? welcome.Layout;
        if (!wanted.IsSfu && _paths.Of(wanted.Epoch) is null)
            await BuildMeshAsync(wanted.Epoch, awaitsAll: false);
    }

    private IReadOnlyList<TransportAddress> CandidatesOf(SdpDescription offer) =>
        Candidates.InOrder(offer.Remote.Addresses, options.LocalAddress);

    private async Task ConnectAsync(SfuPath path, SdpDescription offer)
    {
        try
        {
            await path.ConnectAsync(CandidatesOf(offer));
        }
        catch (TransportFailedException exception)
        {
            LastFailure = exception.Reason;
            _paths.Drop(path);
            await send(new { type = "failed", epoch = path.Epoch });
            return;
        }

        // A second offer of an epoch replaces a lost transport by a new one.
        foreach (var before in _paths.All.OfType<SfuPath>().TakeWhile(other => other != path).Where(other => other.Epoch == path.Epoch))
        {
            if (before.IsUp)
                path.ReportMoved();
            _paths.Drop(before);
        }

        await OnConnectedAsync(path.Epoch);
    }

    private async Task BuildMeshAsync(int epoch, bool awaitsAll)
    {
        var others = members.Others(_self);
        var lower = others.Where(member => member < _self).ToArray();
        var mesh = new MeshPath(
            participant,
            epoch,
            awaitsAll ? others : lower,
            (to, description) => send(new { type = "signal", to, epoch, description }),
            async (peer, reason) =>
            {
                LastFailure = reason;
                await send(new { type = "failed", epoch, peer });
            });
        _paths.Add(mesh);
        foreach (var member in lower)
            await mesh.OfferAsync(member);
        _paths.Begin(() => WhenReadyAsync(mesh));
    }

    private async Task WhenReadyAsync(MeshPath mesh)
    {
        await mesh.Ready.WaitAsync(over);
        await OnConnectedAsync(mesh.Epoch);
    }

    private async Task SignalledAsync(MeshPath mesh, uint from, JsonElement description)
    {
        try
        {
            await mesh.OnSignalAsync(from, description);
        }
        catch (Exception exception) when (exception is FormatException or TransportFailedException)
        {
            await send(new { type = "failed", epoch = mesh.Epoch, peer = from });
        }
    }

    private async Task OnConnectedAsync(int epoch)
    {
        phases.Reach(JoinPhase.Connected, PeerDriver.Now);
        connected();
        await send(new { type = "ready", epoch });
    }
}
