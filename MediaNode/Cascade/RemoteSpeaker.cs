using Hype.MediaNode.Rooms;

namespace Hype.MediaNode.Cascade;

/// <summary>
/// Someone who is heard here over a link: a member of the room's selection without an endpoint in it. A participant who is being moved
/// has one as well as its endpoint, in the room that it leaves and in the one that it comes to.
/// </summary>
/// <remarks>
/// A participant sends each word by one way: to its endpoint here, or to another room, from where it comes over that room's link. So
/// the way by which something new comes is the one that it uses now, and what still arrives by the way before was said earlier and is
/// late by the difference of the two ways: heard in between it would garble the words. The newest way wins, whether it is the endpoint
/// here (the room that it moves to), the link (the room that it leaves) or one link after another (any third room).
/// </remarks>
internal sealed class RemoteSpeaker(uint number)
{
    /// <summary>µs of silence after which nobody remembers it. Its slot is free long before.</summary>
    public const long ForgetAfter = 10_000_000;

    /// <summary>µs in which the way before is taken for late: more than two ways around the globe differ.</summary>
    public const long OvertakenFor = 400_000;

    private CascadeLink? _way;
    private CascadeLink? _wayBefore;
    private bool _hasWayBefore;
    private SpeechStretch _stretch;

    public uint Number => number;

    /// <summary>The number as the speaker selection takes it.</summary>
    public int Id => (int)number;

    /// <summary>µs, by whichever way.</summary>
    public long HeardAt { get; private set; }

    /// <summary>What is heard of it without interruption, as far as it comes over links.</summary>
    public ref SpeechStretch Stretch => ref _stretch;

    /// <summary>False: from its endpoint in this room.</summary>
    public bool ComesByLink => _way is not null;

    /// <summary>By this link, when it was last heard.</summary>
    public bool ComesBy(CascadeLink link) => _way == link;

    /// <summary>The first packet by a link.</summary>
    /// <param name="wasHere">It was heard from its endpoint here until a moment ago.</param>
    public void Begin(CascadeLink link, bool wasHere, long now) => (_way, _wayBefore, _hasWayBefore, HeardAt) = (link, null, wasHere, now);

    /// <summary>An authentic packet came. False: another way has overtaken it.</summary>
    /// <param name="way">The link; null: the speaker's endpoint in this room.</param>
    public bool TryHear(CascadeLink? way, long now)
    {
        if (way != _way)
        {
            if (_hasWayBefore && way == _wayBefore && now - HeardAt < OvertakenFor)
                return false;
            (_way, _wayBefore, _hasWayBefore) = (way, _way, true);
        }
        HeardAt = now;
        return true;
    }
}
