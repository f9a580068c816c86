using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// What reached this gateway for sessions whose <c>welcome</c> is still on its way: the grain's answer to a join and the
/// first events for the new session travel separately, in any order. Kept only while a join or resume is under way.
/// </summary>
internal sealed class EarlyEvents
{
    /// <summary>Per session, as many as a socket's queue holds by default; who gets more must resume anyway.</summary>
    private const int MaxPerSession = 256;

    private readonly Dictionary<SessionId, List<Action<ChannelMember>>> _events = [];
    private int _admissions;

    public void BeginAdmission() => _admissions++;

    public void EndAdmission()
    {
        if (--_admissions == 0)
            _events.Clear();
    }

    public void Keep(SessionId session, Action<ChannelMember> deliver)
    {
        if (_admissions == 0)
            return;
        if (!_events.TryGetValue(session, out var events))
            _events[session] = events = [];
        if (events.Count < MaxPerSession)
            events.Add(deliver);
    }

    public void DeliverTo(ChannelMember member)
    {
        if (_events.Remove(member.Session, out var events))
        {
            foreach (var deliver in events)
                deliver(member);
        }
    }
}
