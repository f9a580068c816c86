namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// Buffers events for sessions whose <c>welcome</c> is not sent yet: the channel's answer to a join and the first events for the new
/// session travel separately, in any order. Events are buffered only while a join or resume is in progress.
/// </summary>
internal sealed class EarlyEvents
{
    /// <summary>
    /// The number of the channel's events that are buffered for one session, and of other members' signals; a few arrive before a welcome.
    /// Each kind has its own limit, so that signals never displace an offer or the end of the session.
    /// </summary>
    public const int MaxPerSession = 256;

    /// <summary>The number of bytes of other members' signals that are buffered for one session.</summary>
    public const int MaxBytesPerSession = 512 * 1024;

    private readonly Dictionary<SessionId, Buffered> _events = [];
    private int _admissions;

    public void BeginAdmission() => _admissions++;

    public void EndAdmission()
    {
        if (--_admissions == 0)
            _events.Clear();
    }

    /// <param name="session">The session.</param>
    /// <param name="deliver">Delivers the event.</param>
    /// <param name="size">The bytes of another member's signal; 0 for the channel's own events.</param>
    /// <returns>False if no admission is in progress. An event above the limits is dropped.</returns>
    public bool Buffer(SessionId session, Action<ChannelMember> deliver, int size = 0)
    {
        if (_admissions == 0)
            return false;
        if (!_events.TryGetValue(session, out var events))
            _events[session] = events = new Buffered();
        if (events.TryCount(size))
            events.Deliveries.Add(deliver);
        return true;
    }

    public void DeliverTo(ChannelMember member)
    {
        if (!_events.Remove(member.Session, out var events))
            return;
        foreach (var deliver in events.Deliveries)
            deliver(member);
    }

    private sealed class Buffered
    {
        private int _own;
        private int _signals;
        private int _bytes;

        public List<Action<ChannelMember>> Deliveries { get; } = [];

        public bool TryCount(int size)
        {
            if (size == 0)
                return _own++ < MaxPerSession;
            if (_signals >= MaxPerSession || _bytes + size > MaxBytesPerSession)
                return false;
            _signals++;
            _bytes += size;
            return true;
        }
    }
}
