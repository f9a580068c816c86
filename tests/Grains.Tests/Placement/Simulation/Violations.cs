namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>The number of decisions that violated each placement rule.</summary>
internal sealed record Violations
{
    public static readonly Violations None = new();

    public int OnDrainingOrDeadNode { get; set; }

    public int AboveLimitWithRoomElsewhere { get; set; }

    public int AwayWithRoomAtHome { get; set; }

    public int RefusedWithRoom { get; set; }

    public int SecondRoomInRegionWithRoom { get; set; }
}
