using Hype.MediaNode.Net;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// A member in a room: its endpoint, its microphone (<see cref="Publisher"/>) and its slots (<see cref="Subscriber"/>).
/// </summary>
internal sealed class RoomMember(Room room, MemberNumber number, Endpoint endpoint, Publisher publisher, Subscriber subscriber)
{
    public Room Room => room;

    /// <summary>The member's number in the channel: the CSRC of its forwarded packets.</summary>
    public MemberNumber Number => number;

    public Endpoint Endpoint => endpoint;

    public Publisher Publisher => publisher;

    public Subscriber Subscriber => subscriber;

    /// <summary>The id in the speaker selection: the member's number.</summary>
    public int Id => (int)number.Value;

    /// <summary>The time of the next RTCP reports, in the worker's microseconds; set by <see cref="RoomReports"/>.</summary>
    public long NextReportAt { get; set; }

    /// <summary>The quality last reported to the control plane; null: none yet.</summary>
    public PathQuality? ReportedQuality { get; set; }

    /// <summary>Addresses of authenticated checks, oldest first; maintained by the endpoint table.</summary>
    public List<TransportAddress> Addresses { get; } = [];
}
