namespace Hype.Grains.Identities;

/// <summary>
/// The sessions of one identity, at most two per channel: the current session, and the one that replaces it. An older one is dropped: its
/// channel failed before it could unregister it.
/// </summary>
internal sealed class IdentitySessions
{
    private const int PerChannel = 2;

    private readonly Dictionary<ChannelId, List<SessionId>> _channels = [];
    private HashSet<SessionId> _missing = [];

    public bool IsEmpty => _channels.Count == 0;

    public IEnumerable<(ChannelId Channel, SessionId Session)> All =>
        _channels.SelectMany(channel => channel.Value.Select(session => (channel.Key, session)));

    public void Add(ChannelId channel, SessionId session)
    {
        if (!_channels.TryGetValue(channel, out var sessions))
            _channels[channel] = sessions = new List<SessionId>(PerChannel);
        if (sessions.Contains(session))
            return;
        if (sessions.Count == PerChannel)
            sessions.RemoveAt(0);
        sessions.Add(session);
    }

    public void Remove(ChannelId channel, SessionId session)
    {
        if (_channels.TryGetValue(channel, out var sessions) && sessions.Remove(session) && sessions.Count == 0)
            _channels.Remove(channel);
    }

    /// <summary>
    /// Removes sessions that their channels do not have, and did not have at the previous check either: a joining session is registered
    /// here first.
    /// </summary>
    public void RemoveMissing(IReadOnlyCollection<(ChannelId Channel, SessionId Session)> missing)
    {
        foreach (var (channel, session) in missing.Where(entry => _missing.Contains(entry.Session)))
            Remove(channel, session);
        _missing = [.. missing.Select(entry => entry.Session)];
    }

    /// <summary>Returns all sessions, and removes them from the list.</summary>
    public (ChannelId Channel, SessionId Session)[] Take()
    {
        var all = All.ToArray();
        _channels.Clear();
        return all;
    }
}
