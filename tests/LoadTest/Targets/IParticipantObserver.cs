using Hype.MediaClient;

namespace Hype.LoadTest.Targets;

/// <summary>
/// What happens to a participant. Frames come on the thread of its media; the rest on any thread. One observer hears all transports
/// of its participant: which one a frame came on is the peer's number.
/// </summary>
internal interface IParticipantObserver : IVoiceListener
{
    /// <summary>From here on it hears what is said, and is expected to.</summary>
    /// <param name="now">µs, <see cref="PeerDriver.Now"/>.</param>
    void OnHearing(long now);

    /// <summary>A change of path began (another mode, another room, another node): the longest silence is looked for from here.</summary>
    void OnSwitchBegins(long now);

    /// <summary>The change was committed. Silence may follow for as long as clients play the old path.</summary>
    void OnSwitchCommitted(long now);

    /// <summary>The session ended without having been asked to.</summary>
    /// <param name="reason">A word or a short code, the same for the same cause, for counting.</param>
    void OnLost(string reason, long now);

    /// <summary>The server gave a seat, or the old one back after a lost socket.</summary>
    /// <param name="slots">How many others it forwards at a time at most.</param>
    void OnAdmitted(int slots);

    /// <summary>A message came over signaling.</summary>
    void OnEvent();

    /// <summary>Something happened that a fault is judged by.</summary>
    void OnMoment(SessionMoment moment, long now);
}
