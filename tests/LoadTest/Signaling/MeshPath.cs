using System.Collections.Concurrent;
using System.Text.Json;
using Hype.LoadTest.Media;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Signaling;

/// <summary>
/// One participant's transports to the other members of a mesh. In each pair, the member with the higher number sends the offer, and is
/// the ICE-lite agent and DTLS server, as a media node is. If the offer comes from a full ICE agent (a browser), the answering participant
/// is the ICE-lite agent.
/// </summary>
/// <param name="expected">The members that must connect before the path is ready.</param>
/// <param name="signal">Sends a session description to a member.</param>
/// <param name="failed">Reports that a member could not be reached, with the reason.</param>
internal sealed class MeshPath(
    ParticipantSpec participant, int epoch, IEnumerable<uint> expected, Func<uint, object, Task> signal, Func<uint, string, Task> failed)
        : VoicePath(participant, epoch)
{
    private const byte OpusPayloadType = 111;
    private const byte LevelExtension = 1;

    private static readonly IceCredentials Unknown = new("", "");

    private readonly ConcurrentDictionary<uint, Pair> _pairs = [];
    private readonly HashSet<uint> _awaited = [.. expected];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A task that completes when each expected member is connected or has left.</summary>
    public Task Ready
    {
        get
        {
            Arrive(null);
            return _ready.Task;
        }
    }

    /// <summary>Sends an offer to a member with a lower number.</summary>
    public async Task OfferAsync(uint member)
    {
        var own = IceCredentials.New();
        var pair = await OpenAsync(member, own, Unknown, PeerRole.Server);
        var side = new SdpWriter.Side(own, VoiceThread.Fingerprint, "actpass", OpusPayloadType, LevelExtension)
        {
            Ssrc = pair.Ssrc,
            IsLite = true,
            Host = await Participant.Thread.AddressOfAsync(pair.Peer),
        };
        await signal(member, new { type = "offer", sdp = SdpWriter.Write(side, ["0"], "sendrecv") });
    }

    /// <summary>Handles an offer or answer of another member.</summary>
    /// <exception cref="FormatException">The description is unusable.</exception>
    public Task OnSignalAsync(uint member, JsonElement description)
    {
        var sdp = SdpDescription.Parse(description.GetProperty("sdp").GetString()!);
        return description.GetProperty("type").GetString() == "offer" ? OnOfferAsync(member, sdp) : OnAnswerAsync(member, sdp);
    }

    /// <summary>Closes the transport to a member that has left the channel.</summary>
    public async Task OnLeftAsync(uint member)
    {
        if (_pairs.TryRemove(member, out var pair))
            await CloseAsync(pair.Peer);
        Arrive(member);
    }

    public override async ValueTask DisposeAsync()
    {
        await Closing.CancelAsync();
        foreach (var pair in _pairs.Values)
            await CloseAsync(pair.Peer);
    }

    private async Task OnOfferAsync(uint member, SdpDescription offer)
    {
        var own = IceCredentials.New();
        var role = offer.Remote.IsLite ? PeerRole.Client : PeerRole.LiteClient;
        var pair = await OpenAsync(member, own, offer.Remote.Ice, role, offer.Remote);
        var side = new SdpWriter.Side(own, VoiceThread.Fingerprint, "active", offer.OpusPayloadType, offer.LevelExtension)
        {
            Ssrc = pair.Ssrc,
            IsLite = role == PeerRole.LiteClient,
            Host = await Participant.Thread.AddressOfAsync(pair.Peer),
        };
        await signal(member, new { type = "answer", sdp = SdpWriter.Write(side, offer.Mids, "sendrecv") });
        await ConnectedAsync(member, pair, offer);
    }

    private Task OnAnswerAsync(uint member, SdpDescription answer) =>
        _pairs.TryGetValue(member, out var pair) ? ConnectedAsync(member, pair, answer) : Task.CompletedTask;

    private async Task<Pair> OpenAsync(
        uint member, IceCredentials own, IceCredentials other, PeerRole role, RemoteTransport? remote = null)
    {
        var peer = await Participant.Thread.OpenAsync(
            own, other, Participant.Observer, role, role == PeerRole.Client && remote?.Addresses is [var first, ..] ? first : null);
        var pair = new Pair(peer, SpokenStream.NewSsrc());
        if (_pairs.TryRemove(member, out var before))
            await CloseAsync(before.Peer);
        _pairs[member] = pair;
        // Closed at this very moment: the closing call may have missed this pair.
        if (Closing.IsCancellationRequested)
            await CloseAsync(peer);
        Closing.Token.ThrowIfCancellationRequested();
        return pair;
    }

    private async Task ConnectedAsync(uint member, Pair pair, SdpDescription other)
    {
        // An answering peer learns the address from the other side's checks.
        var remote = pair.Peer.AnswersChecks ? other.Remote with { Addresses = [] } : other.Remote;
        try
        {
            await Participant.Thread.ConnectedAsync(pair.Peer, remote, ConnectLimit, Closing.Token);
        }
        catch (TransportFailedException exception)
        {
            await failed(member, exception.Reason);
            return;
        }

        Add(new SpokenStream(pair.Peer, other.OpusPayloadType, other.LevelExtension, pair.Ssrc));
        Arrive(member);
    }

    private void Arrive(uint? member)
    {
        lock (_awaited)
        {
            if (member is { } number)
                _awaited.Remove(number);
            if (_awaited.Count == 0)
                _ready.TrySetResult();
        }
    }

    /// <summary>This participant's transport to one other member, and the SSRC of its stream on it.</summary>
    private sealed record Pair(VoicePeer Peer, uint Ssrc);
}
