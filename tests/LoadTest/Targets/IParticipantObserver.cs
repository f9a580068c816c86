using Hype.LoadTest.Media;
using Hype.MediaClient;

namespace Hype.LoadTest.Targets;

/// <summary>
/// Receives the events of one participant: frames on its media thread, all other events on any thread. One observer serves all
/// transports of its participant; the number of a peer identifies the transport of a frame.
/// </summary>
internal interface IParticipantObserver : IVoiceListener
{
    /// <summary>Called when the participant can receive audio; audio is expected from this time on.</summary>
    /// <param name="now">µs, <see cref="PeerDriver.Now"/>.</param>
    void OnHearing(long now);

    /// <summary>
    /// Called when a switch or a move begins (to another mode, room or node); the longest silence is measured from this time on.
    /// </summary>
    void OnSwitchBegins(long now);

    /// <summary>Called when a switch was committed. Silence may follow while clients still play the old path.</summary>
    void OnSwitchCommitted(long now);

    /// <summary>Called when the session ended unexpectedly.</summary>
    /// <param name="reason">A keyword that is always the same for the same cause, for counting.</param>
    void OnLost(string reason, long now);

    /// <summary>Called when the server has admitted the participant, or has resumed its session after a lost socket.</summary>
    /// <param name="number">The participant's member number; 0: the server numbers no members.</param>
    /// <param name="slots">The maximum number of streams that the server forwards at a time.</param>
    void OnAdmitted(uint number, int slots);

    /// <summary>Called when a transport to a media node is connected, with the stream that the participant can send on it.</summary>
    void OnConnected(SpokenStream stream)
    {
        // Most participants speak on all their streams.
    }

    /// <summary>Called when a signaling message has arrived.</summary>
    void OnEvent();

    /// <summary>
    /// Called at each event that <see cref="SessionMoment"/> lists; the times of these events show the effect of a fault.
    /// </summary>
    void OnMoment(SessionMoment moment, long now);
}
