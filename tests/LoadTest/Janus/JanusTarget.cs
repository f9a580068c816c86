using System.Net.WebSockets;
using System.Security.Cryptography;
using Hype.LoadTest.Media;
using Hype.LoadTest.Options;
using Hype.LoadTest.Targets;

namespace Hype.LoadTest.Janus;

/// <summary>
/// Puts the videorooms of a Janus server under load, to compare Janus with this project. The simulated clients and frames are the same,
/// but the signaling is Janus' WebSocket API. Each channel is an audio-only room; each listener has one peer connection with one stream
/// per publisher.
/// </summary>
internal sealed class JanusTarget(LoadOptions options) : IVoiceTarget
{
    /// <summary>The time limit for ICE and DTLS after the exchange of SDP, the same as in browsers.</summary>
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    // A listener waits for the first speaker of its channel, which joins at the same time.
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, JanusChannel> _channels = new(StringComparer.Ordinal);
    private JanusSession? _session;
    private JanusHandle? _handle;

    public string Name => "janus";

    private Uri Server =>
        new UriBuilder(options.Url) { Scheme = options.Url.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs }.Uri;

    public async Task PrepareAsync(IReadOnlyList<string> channels, CancellationToken stop)
    {
        if (options.ControlOnly || options.Mode == ChannelPolicy.P2P || options.Speakers == 0)
            throw new TargetException(
                "A videoroom of Janus has no P2P, and connects listeners only if there is a publisher: omit "
                    + "--control-only and --mode p2p, and set --speakers.");
        try
        {
            _session = await JanusSession.OpenAsync(Server, static _ => { }, stop);
            _handle = await _session.AttachAsync(VideoRoom.Plugin, stop);
            foreach (var channel in channels)
            {
                // Rooms of earlier runs may still exist.
                var room = new VideoRoom((ulong)RandomNumberGenerator.GetInt32(1, int.MaxValue));
                await room.CreateAsync(_handle, options.Participants, stop);
                _channels[channel] = new JanusChannel(room);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or JanusException)
        {
            throw new TargetException(
                $"Janus at {options.Url} does not provide a videoroom: {exception.Message} Set --url to the address of its WebSocket "
                    + "transport (http://localhost:8188 by default).",
                exception);
        }
    }

    public async Task<IVoiceParticipant> JoinAsync(ParticipantSpec participant, JoinPhases phases, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(JoinLimit);
        try
        {
            return await JanusParticipant.JoinAsync(Server, _channels[participant.Channel], participant, phases, limit.Token);
        }
        catch (TransportFailedException exception)
        {
            throw new JoinFailedException(exception.Reason, exception.Message, exception);
        }
        catch (Exception exception) when (exception is JanusException or WebSocketException or FormatException)
        {
            throw new JoinFailedException("refused", exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!stop.IsCancellationRequested)
        {
            throw new JoinFailedException(
                "timeout", $"Janus did not admit {participant.Name} within {JoinLimit.TotalSeconds:0} s.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is null)
            return;
        try
        {
            using var limit = new CancellationTokenSource(ConnectLimit);
            foreach (var channel in _channels.Values)
                await channel.Room.DestroyAsync(_handle!, limit.Token);
        }
        catch (Exception exception) when (exception is JanusException or OperationCanceledException)
        {
            // Janus is gone, and its rooms with it.
        }

        await _session.DisposeAsync();
    }
}
