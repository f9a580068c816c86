using Hype.MediaClient;

namespace Hype.LoadTest.Targets;

/// <summary>
/// Receives a participant's events. Frames come on its media thread; the others on any thread. One observer serves all transports
/// of its participant: the peer's number identifies the transport of a frame.
/// </summary>
internal interface IParticipantObserver : IVoiceListener
{
    /// <summary>The participant can receive audio from here on, and is expected to.</summary>
    /// <param name="now">µs, <see cref="PeerDriver.Now"/>.</param>
    void OnHearing(long now);

    /// <summary>A switch or a move began (another mode, room or node): the longest silence is measured from here.</summary>
    void OnSwitchBegins(long now);

    /// <summary>The switch was committed. Silence may follow while clients still play the old path.</summary>
    void OnSwitchCommitted(long now);

    /// <summary>The session ended unexpectedly.</summary>
    /// <param name="reason">A keyword or short code, the same for the same cause, for counting.</param>
    void OnLost(string reason, long now);

    /// <summary>The server admitted the participant, or resumed its session after a lost socket.</summary>
    /// <param name="slots">The maximum number of others that it forwards at a time.</param>
    void OnAdmitted(int slots);

    /// <summary>A signaling message arrived.</summary>
    void OnEvent();

    /// <summary>An event occurred that is relevant for the assessment of a fault.</summary>
    void OnMoment(SessionMoment moment, long now);
}
