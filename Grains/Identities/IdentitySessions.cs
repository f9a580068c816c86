namespace Hype.Grains.Identities;

/// <summary>
/// The sessions of one identity, at most two per channel: the current session, and the one that replaces it. An older one is dropped: its
/// channel failed before it could unregister it.
/// </summary>
internal sealed class IdentitySessions
{
    private const int PerChannel = 2;

    private readonly Dictionary<ChannelId, List<SessionId>> _channels = [];

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

    /// <summary>Returns all sessions, and removes them from the list.</summary>
    public (ChannelId Channel, SessionId Session)[] Take()
    {
        var all = All.ToArray();
        _channels.Clear();
        return all;
    }
}
