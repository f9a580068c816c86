using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// A member in a room: its media connection (<see cref="Endpoint"/>), its microphone (<see cref="Publisher"/>) and the streams that it
/// receives (<see cref="Subscriber"/>).
/// </summary>
internal sealed class RoomMember(
    Room room, MemberNumber number, Endpoint endpoint, Publisher publisher, Subscriber subscriber, MemberBudget budget)
{
    public Room Room => room;

    /// <summary>The member's number in the channel: the CSRC of its forwarded packets.</summary>
    public MemberNumber Number => number;

    public Endpoint Endpoint => endpoint;

    public Publisher Publisher => publisher;

    public Subscriber Subscriber => subscriber;

    public MemberBudget Budget => budget;

    /// <summary>The time of the next RTCP reports, in the worker's microseconds; set by <see cref="RoomReports"/>.</summary>
    public long NextReportAt { get; set; }

    /// <summary>The connection quality that was last reported to the control plane; null before the first report.</summary>
    public PathQuality? ReportedQuality { get; set; }

    /// <summary>
    /// The addresses from which authenticated checks of this member came, oldest first. The worker's endpoint table maintains the list.
    /// </summary>
    public List<TransportAddress> Addresses { get; } = [];
}
