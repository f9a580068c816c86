using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Channels;

/// <summary>A room on a media node.</summary>
internal sealed record Room(MediaNodeId Node, RegionId Region);

/// <summary>One layout while it lives: its room, its transports, and who is ready for it.</summary>
internal sealed class LiveLayout(Layout layout)
{
    public Layout Layout { get; } = layout;

    public int Epoch => Layout.Epoch;

    public ChannelMode Mode => Layout.Mode;

    /// <summary>Who said that its transport of this layout is connected and carries audio.</summary>
    public HashSet<uint> Ready { get; } = [];

    /// <summary>The members' transports in the room, by number; empty in a mesh.</summary>
    public Dictionary<uint, SfuEndpoint> Endpoints { get; } = [];

    public Room? Room { get; private set; }

    /// <summary>A room has been asked for, and the answer is not here yet.</summary>
    public bool Placing { get; private set; }

    /// <summary>It had a room that is gone: its transports are dead, and only another epoch can replace them.</summary>
    public bool Lost { get; private set; }

    /// <summary>Can anything sound in it?</summary>
    public bool Plays => Mode == ChannelMode.P2P || Room is not null;

    public void Ask() => Placing = true;

    public void Furnish(Room room) => (Room, Placing) = (room, false);

    public void NotPlaced() => Placing = false;

    public void Lose()
    {
        (Room, Placing, Lost) = (null, false, true);
        Endpoints.Clear();
    }

    public ImmutableArray<RoomAssignment> Assignments => Room is null ? [] : [new(Room.Region, Room.Node, Epoch, Epoch)];
}
