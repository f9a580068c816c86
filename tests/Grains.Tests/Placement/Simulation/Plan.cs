namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>
/// The input of a simulation. All events follow from it and its <see cref="Seed"/>, and not from the placement of rooms.
/// </summary>
internal sealed record Plan
{
    public required int Seed { get; init; }

    /// <summary>The measured time, after <see cref="Warmup"/>.</summary>
    public required TimeSpan Measured { get; init; }

    /// <summary>The time in which participants arrive and the load becomes steady.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Participants at any time after the arrival.</summary>
    public int Participants { get; init; } = 100_000;

    /// <summary>Nodes of each region.</summary>
    public IReadOnlyList<int> Nodes { get; init; } = [40, 30, 25, 20, 20, 15, 15, 15, 10, 10];

    /// <summary>The relative number of participants of each region. The last region has too few nodes, some have plenty.</summary>
    public IReadOnlyList<double> Population { get; init; } = [38, 32, 24, 21, 18, 17, 14, 15, 7, 20];

    /// <summary>Endpoints of a worker; a quarter of the nodes has eight workers, the others four.</summary>
    public int EndpointsPerWorker { get; init; } = 200;

    public TimeSpan BetweenFailures { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>The region whose nodes are upgraded one after the other.</summary>
    public int Upgraded { get; init; } = 1;

    public TimeSpan BetweenDrains { get; init; } = TimeSpan.FromSeconds(40);

    public int Seconds => (int)(Warmup + Measured).TotalSeconds;
}
