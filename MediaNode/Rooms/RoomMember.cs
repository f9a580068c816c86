using Hype.MediaNode.Net;

namespace Hype.MediaNode.Rooms;

/// <summary>One participant in a room: its transport, its microphone (<see cref="Publisher"/>) and its ears (<see cref="Subscriber"/>).</summary>
internal sealed class RoomMember(Room room, uint number, Endpoint endpoint, Publisher publisher, Subscriber subscriber)
{
    public Room Room => room;

    /// <summary>The participant's number in the channel: the CSRC of what it says.</summary>
    public uint Number => number;

    public Endpoint Endpoint => endpoint;

    public Publisher Publisher => publisher;

    public Subscriber Subscriber => subscriber;

    /// <summary>The number as the speaker selection takes it.</summary>
    public int Id => (int)number;

    /// <summary>When the next RTCP reports are due, in the worker's microseconds; the reports' to change.</summary>
    public long NextReportAt { get; set; }

    /// <summary>What the control plane was told last; null: nothing yet.</summary>
    public PathQuality? AnnouncedQuality { get; set; }

    /// <summary>Addresses that authenticated checks came from, oldest first; the endpoint table's to change.</summary>
    public List<TransportAddress> Addresses { get; } = [];
}
