using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Janus;

/// <summary>
/// A participant of a videoroom. It has its own Janus session and, as Janus requires, one peer connection for sending and another one
/// for receiving.
/// </summary>
internal sealed class JanusParticipant : IVoiceParticipant
{
    private readonly IParticipantObserver _observer;
    private JanusSession? _session;
    private JanusPublication? _publication;
    private JanusSubscription? _subscription;
    private volatile bool _leaving;

    private JanusParticipant(IParticipantObserver observer) => _observer = observer;

    public static async Task<JanusParticipant> JoinAsync(
        Uri server, JanusChannel channel, ParticipantSpec spec, JoinPhases phases, CancellationToken stop)
    {
        var participant = new JanusParticipant(spec.Observer);
        try
        {
            var session = participant._session = await JanusSession.OpenAsync(server, participant.OnNotice, stop);
            phases.Reach(JoinPhase.Socket, PeerDriver.Now);
            spec.Observer.OnAdmitted(0, int.MaxValue); // Janus forwards all publishers
            if (spec.Speaks)
                participant._publication = await JanusPublication.OpenAsync(session, channel, spec, phases, stop);
            if (spec.Hears)
                participant._subscription = new JanusSubscription(
                    session, channel, spec, participant._publication?.Feed, spec.Speaks ? null : phases);
            // A speaker has joined even if there is nothing to receive; a listener has joined once it receives audio.
            if (participant._subscription is { } subscription && !spec.Speaks)
                await subscription.Hearing.WaitAsync(stop);
            phases.Reach(JoinPhase.Connected, PeerDriver.Now);
            return participant;
        }
        catch
        {
            await participant.DisposeAsync();
            throw;
        }
    }

    public void Say(in SpokenFrame frame, int payloadLength, bool startsTurn) =>
        _publication?.Stream.Say(frame, payloadLength, startsTurn);

    public async ValueTask DisposeAsync()
    {
        if (_leaving)
            return;
        _leaving = true;
        if (_subscription is not null)
            await _subscription.DisposeAsync();
        if (_publication is not null)
            await _publication.DisposeAsync();
        if (_session is not null)
            await _session.DisposeAsync();
    }

    private void OnNotice(string kind)
    {
        if (kind is "hangup" or "detached" or "timeout" or JanusSession.Closed)
        {
            if (!_leaving)
                _observer.OnLost(kind, PeerDriver.Now);
            return;
        }

        _observer.OnEvent();
    }
}
