namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>
/// The parameters of a simulation. The parameters and the <see cref="Seed"/> determine all arrivals, departures and failures,
/// independently of the placement of rooms.
/// </summary>
internal sealed record Plan
{
    public required int Seed { get; init; }

    /// <summary>The simulated time that is measured, after <see cref="Warmup"/>.</summary>
    public required TimeSpan Measured { get; init; }

    /// <summary>The simulated time before the measurement, in which participants arrive and the load becomes steady.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>The number of participants at any time after <see cref="Warmup"/>.</summary>
    public int Participants { get; init; } = 100_000;

    /// <summary>The number of nodes in each region.</summary>
    public IReadOnlyList<int> Nodes { get; init; } = [40, 30, 25, 20, 20, 15, 15, 15, 10, 10];

    /// <summary>
    /// The relative number of participants in each region. The last region has too few nodes for its participants; some regions have far
    /// more than they need.
    /// </summary>
    public IReadOnlyList<double> Population { get; init; } = [38, 32, 24, 21, 18, 17, 14, 15, 7, 20];

    /// <summary>The number of endpoints that a worker can carry. A quarter of the nodes has eight workers, the others have four.</summary>
    public int EndpointsPerWorker { get; init; } = 200;

    public TimeSpan BetweenFailures { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>The index of the region whose nodes are upgraded one after the other.</summary>
    public int Upgraded { get; init; } = 1;

    public TimeSpan BetweenDrains { get; init; } = TimeSpan.FromSeconds(40);

    public int Seconds => (int)(Warmup + Measured).TotalSeconds;
}
