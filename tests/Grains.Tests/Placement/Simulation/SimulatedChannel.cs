
namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>Someone in a channel.</summary>
internal sealed class SimulatedMember(SimulatedChannel channel, int region)
{
    public SimulatedChannel Channel { get; } = channel;

    /// <summary>The best one, where the member is.</summary>
    public int Region { get; } = region;

    /// <summary>Null in a mesh.</summary>
    public SimulatedRoom? Room { get; set; }
}

/// <summary>A channel's part on a node.</summary>
internal sealed class SimulatedRoom(SimulatedChannel channel, SimulatedNode node)
{
    public SimulatedChannel Channel { get; } = channel;

    public SimulatedNode Node { get; } = node;

    public List<SimulatedMember> Members { get; } = [];
}

/// <summary>A channel that wants to have <see cref="Size"/> members for as long as it lives.</summary>
internal sealed class SimulatedChannel(int size, int home, bool international)
{
    public int Size { get; } = size;

    /// <summary>The region of most members.</summary>
    public int Home { get; } = home;

    public bool International { get; } = international;

    public bool Ended { get; set; }

    public bool Forwarded { get; set; }

    public List<SimulatedMember> Members { get; } = [];

    public List<SimulatedRoom> Rooms { get; } = [];
}
