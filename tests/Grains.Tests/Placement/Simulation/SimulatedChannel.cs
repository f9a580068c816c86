
namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>A member of a channel.</summary>
internal sealed class SimulatedMember(SimulatedChannel channel, int region)
{
    public SimulatedChannel Channel { get; } = channel;

    /// <summary>The region of the member.</summary>
    public int Region { get; } = region;

    /// <summary>The room of the member; null in a mesh.</summary>
    public SimulatedRoom? Room { get; set; }
}

/// <summary>The part of a channel on one node.</summary>
internal sealed class SimulatedRoom(SimulatedChannel channel, SimulatedNode node)
{
    public SimulatedChannel Channel { get; } = channel;

    public SimulatedNode Node { get; } = node;

    public List<SimulatedMember> Members { get; } = [];
}

/// <summary>A channel that has <see cref="Size"/> members until it ends, apart from short vacancies.</summary>
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
