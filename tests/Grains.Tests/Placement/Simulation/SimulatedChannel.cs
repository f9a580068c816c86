
namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>A simulated member of a channel.</summary>
internal sealed class SimulatedMember(SimulatedChannel channel, int region)
{
    public SimulatedChannel Channel { get; } = channel;

    /// <summary>The index of the member's region.</summary>
    public int Region { get; } = region;

    /// <summary>The room that holds the member's endpoint; null in a mesh.</summary>
    public SimulatedRoom? Room { get; set; }
}

/// <summary>A simulated room: the part of a channel on one node.</summary>
internal sealed class SimulatedRoom(SimulatedChannel channel, SimulatedNode node)
{
    public SimulatedChannel Channel { get; } = channel;

    public SimulatedNode Node { get; } = node;

    public List<SimulatedMember> Members { get; } = [];
}

/// <summary>
/// A simulated channel. It has <see cref="Size"/> members until it ends, except for the short times before a departed member is replaced.
/// </summary>
internal sealed class SimulatedChannel(int size, int home, bool international)
{
    public int Size { get; } = size;

    /// <summary>The index of the region in which most members are.</summary>
    public int Home { get; } = home;

    public bool International { get; } = international;

    public bool Ended { get; set; }

    public bool Forwarded { get; set; }

    public List<SimulatedMember> Members { get; } = [];

    public List<SimulatedRoom> Rooms { get; } = [];
}
