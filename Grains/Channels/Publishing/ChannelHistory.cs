using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Publishing;

/// <summary>
/// What happened lately, numbered, for those who watch the channel and for those who ask why it is as it is. Of members the newest
/// <see cref="Kept"/> happenings are kept, of modes, rooms and settings the newest <see cref="KeptOfStructure"/>, however much members stir meanwhile.
/// </summary>
/// <param name="lastNumber">No number above this one was given before.</param>
/// <param name="members">Who is there already.</param>
/// <param name="rooms">Rooms that are there already.</param>
internal sealed class ChannelHistory(long lastNumber, IEnumerable<Participant> members, ImmutableArray<RoomAssignment> rooms)
{
    public const int Kept = 256;
    public const int KeptOfStructure = 64;

    private readonly Queue<ChannelNews> _news = new();
    private readonly Queue<ChannelNews> _structure = new();
    private readonly Dictionary<MemberNumber, string> _identities = members.ToDictionary(member => member.Number, member => member.Identity);
    private ImmutableArray<RoomAssignment> _rooms = rooms;

    public long LastNumber { get; private set; } = lastNumber;

    /// <summary>How modes, rooms and settings came to be what they are.</summary>
    public ImmutableArray<ChannelNews> Structure => [.. _structure];

    /// <summary>Writes down what the channel has just decided, and returns what is new.</summary>
    public IReadOnlyCollection<ChannelNews> Record(IEnumerable<ChannelEffect> effects, ImmutableArray<RoomAssignment> rooms, DateTimeOffset now)
    {
        var happenings = effects.OfType<PublishToAll>().SelectMany(told => HappeningsOf(told.Event))
            .Concat(_rooms.Where(room => !rooms.Contains(room)).Select(gone => new RoomDisappeared(gone)))
            .Concat(rooms.Where(room => !_rooms.Contains(room)).Select(come => new RoomAppeared(come)));
        ChannelNews[] news = [.. happenings.Select(what => Add(what, now))];
        _rooms = rooms;
        return news;
    }

    /// <inheritdoc cref="Record(IEnumerable{ChannelEffect}, ImmutableArray{RoomAssignment}, DateTimeOffset)"/>
    public ChannelNews Record(ChannelSettings settings, DateTimeOffset now) => Add(new SettingsChanged(settings), now);

    /// <param name="after">The number of the last news that the watcher has; null: it begins.</param>
    /// <param name="snapshot">How everything is now.</param>
    public ChannelReading Read(long? after, Func<ChannelSnapshot> snapshot)
    {
        if (after == LastNumber)
            return new ChannelReading([], null, LastNumber);
        // Numbers that were never given are those of a life whose last moments were not stored.
        return after is { } seen && seen < LastNumber && _news.TryPeek(out var oldest) && seen >= oldest.Number - 1
            ? new ChannelReading([.. _news.Where(news => news.Number > seen)], null, LastNumber)
            : new ChannelReading([], snapshot(), LastNumber);
    }

    private IEnumerable<ChannelHappening> HappeningsOf(ChannelEvent told)
    {
        switch (told)
        {
            case RosterChanged roster:
                // First who left: whoever comes again takes the seat that the same identity has left.
                foreach (var left in roster.Left)
                {
                    // Who came and went within one diff was never there.
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
        Keep(_news, news, Kept);
        if (what is ModeChanged or RoomAppeared or RoomDisappeared or SettingsChanged)
            Keep(_structure, news, KeptOfStructure);
        return news;
    }

    private static void Keep(Queue<ChannelNews> queue, ChannelNews news, int most)
    {
        queue.Enqueue(news);
        if (queue.Count > most)
            queue.Dequeue();
    }
}
