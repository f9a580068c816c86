using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;

namespace Hype.Grains.Channels.Publishing;

/// <summary>
/// Records the recent changes of a channel with their numbers, for watchers and for the explanation of the channel. It retains the newest
/// <see cref="MaxNews"/> changes. It also retains the newest <see cref="MaxStructure"/> changes of modes, rooms and settings, even when
/// more changes of members follow.
/// </summary>
/// <param name="lastNumber">The highest number that may have been assigned before.</param>
/// <param name="members">The members that are already known.</param>
/// <param name="rooms">The rooms that are already known.</param>
internal sealed class ChannelHistory(long lastNumber, IEnumerable<Participant> members, ImmutableArray<RoomAssignment> rooms)
{
    public const int MaxNews = 256;
    public const int MaxStructure = 64;

    private readonly Queue<ChannelNews> _news = new();
    private readonly Queue<ChannelNews> _structure = new();
    private readonly Dictionary<MemberNumber, string> _identities =
        members.ToDictionary(member => member.Number, member => member.Identity);
    private ImmutableArray<RoomAssignment> _rooms = rooms;

    public long LastNumber { get; private set; } = lastNumber;

    /// <summary>The recent changes of modes, rooms and settings.</summary>
    public ImmutableArray<ChannelNews> Structure => [.. _structure];

    /// <summary>Records the changes that the effects of a step contain, and returns them with their numbers.</summary>
    public IReadOnlyCollection<ChannelNews> Record(
        IEnumerable<ChannelEffect> effects, ImmutableArray<RoomAssignment> rooms, DateTimeOffset now)
    {
        var happenings = effects.OfType<PublishToAll>().SelectMany(published => HappeningsOf(published.Event))
            .Concat(_rooms.Where(room => !rooms.Contains(room)).Select(gone => new RoomDisappeared(gone)))
            .Concat(rooms.Where(room => !_rooms.Contains(room)).Select(come => new RoomAppeared(come)));
        ChannelNews[] news = [.. happenings.Select(what => Add(what, now))];
        _rooms = rooms;
        return news;
    }

    /// <inheritdoc cref="Record(IEnumerable{ChannelEffect}, ImmutableArray{RoomAssignment}, DateTimeOffset)"/>
    public ChannelNews Record(ChannelSettings settings, DateTimeOffset now) => Add(new SettingsChanged(settings), now);

    /// <param name="after">The newest number that the watcher has; null for a new watcher.</param>
    /// <param name="snapshot">The current state.</param>
    public ChannelReading Read(long? after, Func<ChannelSnapshot> snapshot)
    {
        if (after == LastNumber)
            return new ChannelReading([], null, LastNumber);
        // Numbers that were never assigned come from an activation whose last changes were not stored.
        return after is { } seen && seen < LastNumber && _news.TryPeek(out var oldest) && seen >= oldest.Number - 1
            ? new ChannelReading([.. _news.Where(news => news.Number > seen)], null, LastNumber)
            : new ChannelReading([], snapshot(), LastNumber);
    }

    private IEnumerable<ChannelHappening> HappeningsOf(ChannelEvent channelEvent)
    {
        switch (channelEvent)
        {
            case RosterChanged roster:
                // Members that left come first: an identity that joined again replaced its earlier session.
                foreach (var left in roster.Left)
                {
                    // A member that joined and left within one diff was never published.
                    if (_identities.Remove(left.Number, out var identity))
                        yield return new MemberLeft(left.Number, identity, left.Reason);
                }

                foreach (var member in roster.Joined)
                {
                    _identities[member.Number] = member.Identity;
                    yield return new MemberJoined(member);
                }

                foreach (var member in roster.Changed)
                    yield return new MemberChanged(member);
                break;
            case LayoutOpened { Layout: var layout }:
                yield return new ModeChanged(layout, Committed: false);
                break;
            case LayoutCommitted { Layout: var layout }:
                yield return new ModeChanged(layout, Committed: true);
                break;
        }
    }

    private ChannelNews Add(ChannelHappening what, DateTimeOffset now)
    {
        var news = new ChannelNews(++LastNumber, now, what);
        Enqueue(_news, news, MaxNews);
        if (what is ModeChanged or RoomAppeared or RoomDisappeared or SettingsChanged)
            Enqueue(_structure, news, MaxStructure);
        return news;
    }

    private static void Enqueue(Queue<ChannelNews> queue, ChannelNews news, int limit)
    {
        queue.Enqueue(news);
        if (queue.Count > limit)
            queue.Dequeue();
    }
}
