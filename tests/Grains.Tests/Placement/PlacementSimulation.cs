using Hype.Grains.Tests.Placement.Simulation;

namespace Hype.Grains.Tests.Placement;

/// <summary>
/// Tests the placement code in a simulation of 200 nodes and 100,000 participants, without a silo. The results are written to
/// <c>artifacts/figures/placement.md</c>. A longer comparison runs only on request: <c>dotnet test tests/Grains.Tests --filter
/// "Name=Simulated_hour_with_the_product_strategy_violates_no_rule_and_serves_all_members"</c>.
/// </summary>
public sealed class PlacementSimulation
{
    private static readonly Plan Minutes = new()
    {
        Seed = 4,
        Measured = TimeSpan.FromMinutes(3),
        BetweenFailures = TimeSpan.FromSeconds(30),
    };

    private static readonly Lazy<Figures> Product = new(() => Simulation.Simulation.Run(Minutes, Strategy.Product));

    [Test]
    public void Placement_violates_no_rule_during_arrivals_departures_and_failures()
    {
        var figures = Product.Value;
        Assert.That(figures.Violations, Is.EqualTo(Violations.None));
        Assert.That(figures.NotServed, Is.Zero);
        // Otherwise the rules would not have been tested.
        Assert.That(figures.RoomsMovedFromTheDead, Is.Positive);
        Assert.That(figures.NodesDrained, Is.GreaterThanOrEqualTo(4));
        Assert.That(figures.Crowded, Is.Positive, "some region must be full");
        Assert.That(figures.InBestRegion, Is.GreaterThan(0.95).And.LessThan(1));
    }

    [Test]
    public void Less_loaded_of_two_with_pending_load_is_the_most_balanced_strategy()
    {
        var least = Simulation.Simulation.Run(Minutes, Strategy.Least);
        var any = Simulation.Simulation.Run(Minutes, Strategy.Any);
        WriteFigures(Minutes, Product.Value, least, any);

        Assert.That(Product.Value.ImbalanceInRegion, Is.LessThan(1.6));
        Assert.That(Product.Value.ImbalanceInRegion, Is.LessThan(least.ImbalanceInRegion).And.LessThan(any.ImbalanceInRegion));
        Assert.That(Product.Value.WorstImbalanceInRegion, Is.LessThan(least.WorstImbalanceInRegion));
        Assert.That(Product.Value.Crowded, Is.LessThan(any.Crowded));
    }

    [Test]
    public void Simulations_with_the_same_seed_have_the_same_result()
    {
        var small = new Plan
        {
            Seed = 7,
            Measured = TimeSpan.FromMinutes(5),
            Participants = 3_000,
            Nodes = [4, 3, 2],
            Population = [3, 3, 3],
            EndpointsPerWorker = 60,
        };
        var (first, again) = (Simulation.Simulation.Run(small, Strategy.Product), Simulation.Simulation.Run(small, Strategy.Product));
        Assert.That((again.Row, again.Arrived, again.Decisions), Is.EqualTo((first.Row, first.Arrived, first.Decisions)));
        Assert.That(Simulation.Simulation.Run(small with { Seed = 8 }, Strategy.Product).Row, Is.Not.EqualTo(first.Row));
    }

    [Test, Explicit("a simulated hour, five times")]
    public void Simulated_hour_with_the_product_strategy_violates_no_rule_and_serves_all_members()
    {
        var hour = new Plan { Seed = 4, Measured = TimeSpan.FromHours(1) };
        Strategy[] strategies = [Strategy.Product, Strategy.TwoRandom, Strategy.LeastCounting, Strategy.Least, Strategy.Any];
        Figures[] figures = [.. strategies.Select(strategy => Simulation.Simulation.Run(hour, strategy))];
        WriteFigures(hour, figures);
        Assert.That(figures[0].Violations, Is.EqualTo(Violations.None));
        Assert.That(figures[0].NotServed, Is.Zero);
    }

    private static void WriteFigures(Plan plan, params Figures[] figures)
    {
        var text = FormattableString.Invariant($"""
            # Placement, simulated

            {plan.Nodes.Sum()} nodes in {plan.Nodes.Count} regions, {plan.Participants:N0} participants at any time,
            {figures[0].Arrived:N0} arrivals, {plan.Measured.TotalMinutes:0} minutes measured;
            {figures[0].NodesDrained} nodes drained one after the other. Seed {plan.Seed}.
            Mean / worst over time. The last region has too few nodes for its participants, so that the next one serves some of them.

            {Figures.Header}
            |---|---|---|---|---|---|---|---|---|
            {string.Join('\n', figures.Select(each => each.Row))}

            {figures[0].Decisions:N0} decisions; {figures[0].DecisionsPerCpuSecond:N0} per second of CPU time in this build.

            """);
        File.WriteAllText(Path.Combine(FiguresFolder(), "placement.md"), text);
        TestContext.Out.WriteLine(text);
    }

    private static string FiguresFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hype.Orleans.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No Hype.Orleans.sln above {AppContext.BaseDirectory}.");
        return Directory.CreateDirectory(Path.Combine(folder.FullName, "artifacts", "figures")).FullName;
    }
}
