using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Cascade;

/// <summary>
/// A speaker that a room receives over a link. The speaker takes part in the room's speaker selection without an endpoint in the room. A
/// member that moves between two rooms has, in both rooms, an endpoint and this record.
/// </summary>
/// <remarks>
/// A member sends each packet over one path: to its endpoint here, or to another room, from which it arrives over that room's link. So
/// new packets arrive on the path that the member uses now. Packets that still arrive on the previous path are older, and late by the
/// difference between the two paths; playing them in between would garble the speech. The newest path wins, whether it is the endpoint
/// here (in the room that the member enters), the link (in the room that it leaves) or one link after another (in any third room).
/// </remarks>
internal sealed class RemoteSpeaker(MemberNumber number)
{
    /// <summary>
    /// The time of silence after which the speaker is removed, µs. The speaker loses its slot earlier, after
    /// <see cref="Speakers.LoudestSpeakers.ReleaseAfter"/>.
    /// </summary>
    public const long ForgetAfter = 10_000_000;

    /// <summary>
    /// The time of silence after which a speaker with a constant level (<see cref="Speakers.LevelVariation"/>) is removed, µs. Its packets
    /// do not arrive while voices hold the slots of its link. If it were forgotten then, its level would count as a voice in each pause.
    /// </summary>
    public const long ForgetSteadyAfter = 600_000_000;

    /// <summary>
    /// The time after a change of path for which packets on the previous path are dropped as late, µs: more than the difference between
    /// the delays of two paths around the globe.
    /// </summary>
    public const long OvertakenFor = 400_000;

    private CascadeLink? _path;
    private CascadeLink? _previousPath;
    private bool _hasPreviousPath;
    private SpeechStretch _stretch;

    public MemberNumber Number => number;

    /// <summary>The time of the last accepted packet on any path, µs.</summary>
    public long HeardAt { get; private set; }

    /// <summary>The number of the current stretch of uninterrupted speech that arrives over links.</summary>
    public ref SpeechStretch Stretch => ref _stretch;

    /// <summary>True if the last accepted packet came over a link; false if it came from the speaker's endpoint in this room.</summary>
    public bool IsOverLink => _path is not null;

    /// <summary>Returns true if the last accepted packet came over this link.</summary>
    public bool IsOver(CascadeLink link) => _path == link;

    /// <summary>Initialises the record at the speaker's first packet over a link.</summary>
    /// <param name="wasHere">The speaker was heard from its endpoint here until a moment ago.</param>
    public void Begin(CascadeLink link, bool wasHere, long now) =>
        (_path, _previousPath, _hasPreviousPath, HeardAt) = (link, null, wasHere, now);

    /// <summary>
    /// Records an authentic packet. Returns false if the packet is late: newer packets have already arrived on another path.
    /// </summary>
    /// <param name="path">The link; null: the speaker's endpoint in this room.</param>
    public bool TryAccept(CascadeLink? path, long now)
    {
        if (path != _path)
        {
            if (_hasPreviousPath && path == _previousPath && now - HeardAt < OvertakenFor)
                return false;
            (_path, _previousPath, _hasPreviousPath) = (path, _path, true);
        }

        HeardAt = now;
        return true;
    }
}
