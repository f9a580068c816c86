using Hype.LoadTest.Media;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Janus;

/// <summary>
/// The peer connection over which a participant receives all other participants of its channel. For each new publisher of the channel, the
/// subscription requests an offer from Janus that includes the publisher's stream, and answers the offer.
/// </summary>
internal sealed class JanusSubscription : IAsyncDisposable
{
    private readonly JanusSession _session;
    private readonly JanusChannel _channel;
    private readonly ParticipantSpec _participant;
    private readonly ulong? _own;
    private readonly CancellationTokenSource _leaving = new();
    private readonly TaskCompletionSource _hearing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<ulong> _taken = [];
    private readonly Task _following;
    private JanusHandle? _handle;
    private SdpWriter.Side? _side;
    private VoicePeer? _peer;

    /// <param name="own">
    /// The feed that the participant itself publishes, which the subscription leaves out; null: the participant does not publish.
    /// </param>
    /// <param name="phases">Receives the progress; null: the join does not wait for the subscription.</param>
    public JanusSubscription(JanusSession session, JanusChannel channel, ParticipantSpec participant, ulong? own, JoinPhases? phases)
    {
        (_session, _channel, _participant, _own) = (session, channel, participant, own);
        _following = FollowAsync(phases);
    }

    /// <summary>
    /// A task that completes when the peer connection is connected, which requires a publisher in the channel. The task fails if the
    /// subscription fails.
    /// </summary>
    public Task Hearing => _hearing.Task;

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _following;
        if (_peer is not null)
            await _participant.Thread.CloseAsync(_peer);
        _leaving.Dispose();
    }

    private async Task FollowAsync(JoinPhases? phases)
    {
        try
        {
            while (true)
            {
                var (feeds, changed) = _channel.Feeds;
                var wanted = feeds.Where(feed => feed != _own && !_taken.Contains(feed)).ToArray();
                if (wanted.Length > 0)
                    await TakeAsync(wanted, phases);
                await changed.WaitAsync(_leaving.Token);
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            _hearing.TrySetCanceled(CancellationToken.None);
        }
        catch (Exception exception) when (exception is JanusException or TransportFailedException or FormatException)
        {
            // Reports to the join that waits for it, otherwise to the observer.
            if (phases is null || !_hearing.TrySetException(exception))
                _participant.Observer.OnLost("subscription", PeerDriver.Now);
        }
    }

    private async Task TakeAsync(ulong[] feeds, JoinPhases? phases)
    {
        var stop = _leaving.Token;
        if (_handle is not null)
        {
            await AnswerAsync(_handle, SdpDescription.Parse(await _channel.Room.SubscribeMoreAsync(_handle, feeds, stop)));
            _taken.UnionWith(feeds);
            return;
        }

        _handle = await _session.AttachAsync(VideoRoom.Plugin, stop);
        phases?.Reach(JoinPhase.Admitted, PeerDriver.Now);
        var offer = SdpDescription.Parse(await _channel.Room.SubscribeAsync(_handle, feeds, stop));
        phases?.Reach(JoinPhase.Offered, PeerDriver.Now);
        (_peer, _side) = await JanusSide.OpenAsync(_participant, offer.OpusPayloadType, offer.LevelExtension);
        await AnswerAsync(_handle, offer);
        await _participant.Thread.ConnectedAsync(_peer, offer.Remote, JanusTarget.ConnectLimit, stop);
        _taken.UnionWith(feeds);
        _participant.Observer.OnHearing(PeerDriver.Now);
        _hearing.TrySetResult();
    }

    private Task AnswerAsync(JanusHandle handle, SdpDescription offer) =>
        _channel.Room.StartAsync(handle, SdpWriter.Write(_side!, offer.Mids, "recvonly"), _leaving.Token);
}
