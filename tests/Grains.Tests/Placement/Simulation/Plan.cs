namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>What is simulated: everything that happens follows from this and from <see cref="Seed"/>, and not from where rooms are placed.</summary>
internal sealed record Plan
{
    public required int Seed { get; init; }

    /// <summary>How long people are counted, after <see cref="Warmup"/>.</summary>
    public required TimeSpan Measured { get; init; }

    /// <summary>People arrive from nothing, and then settle for a while.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>At any time, once all are there.</summary>
    public int Participants { get; init; } = 100_000;

    /// <summary>Nodes of each region.</summary>
    public IReadOnlyList<int> Nodes { get; init; } = [40, 30, 25, 20, 20, 15, 15, 15, 10, 10];

    /// <summary>How many people live in each region, in relation to each other. The last region has too few nodes, some have plenty.</summary>
    public IReadOnlyList<double> People { get; init; } = [38, 32, 24, 21, 18, 17, 14, 15, 7, 20];

    /// <summary>Endpoints of a worker; a quarter of the nodes has eight workers, the others four.</summary>
    public int EndpointsPerWorker { get; init; } = 200;

    public TimeSpan BetweenFailures { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>The region whose nodes are upgraded one after the other.</summary>
    public int Upgraded { get; init; } = 1;

    public TimeSpan BetweenDrains { get; init; } = TimeSpan.FromSeconds(40);

    public int Seconds => (int)(Warmup + Measured).TotalSeconds;
}
