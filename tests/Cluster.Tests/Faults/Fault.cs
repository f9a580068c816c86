using System.Globalization;
using Hype.Cluster.Tests.Testing;
using NUnit.Framework.Interfaces;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// One row of the table of docs/architecture.md: a fault in a real cluster while members talk. In CI it runs once, in its short form;
/// <c>tests/run --faults</c> repeats it and writes the whole table.
/// </summary>
[Category("Cluster")]
[Category("Faults")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal abstract class Fault
{
    // Set by tests/run --faults.
    private const string RepetitionsVariable = "HYPE_FAULT_REPETITIONS";

    private static int _lastChannel;

    /// <summary>The number of repetitions; null: the short form.</summary>
    private static int? Repetitions =>
        Environment.GetEnvironmentVariable(RepetitionsVariable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The outage of a store: 60 s in the table, 10 s in CI, which is longer than every timeout that it must exceed.</summary>
    protected static TimeSpan Outage => TimeSpan.FromSeconds(Repetitions is null ? 10 : 60);

    protected LocalCluster Cluster { get; private set; } = null!;

    /// <summary>The cluster under test.</summary>
    protected virtual Task<LocalCluster> GetClusterAsync() => SharedCluster.GetAsync();

    [OneTimeSetUp]
    public async Task FindCluster() => Cluster = await GetClusterAsync();

    [TearDown]
    public async Task ReportAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
            await TestContext.Out.WriteLineAsync(
                $"The cluster's logs are in {Cluster.KeepLogs(TestContext.CurrentContext.Test.FullName)}");
    }

    /// <summary>A channel of one repetition only.</summary>
    protected string NewChannel() => $"{GetType().Name}-{Interlocked.Increment(ref _lastChannel)}".ToLowerInvariant();

    /// <summary>
    /// Runs the fault the configured number of times, each on a complete cluster. A failure spoils no other run's figures.
    /// </summary>
    protected async Task RepeatAsync(Func<Task> once)
    {
        var failures = new List<string>();
        var repetitions = Repetitions ?? 1;
        for (var repetition = 1; repetition <= repetitions; repetition++)
        {
            await Cluster.WholeAsync();
            try
            {
                await once();
            }
            catch (Exception exception) when (repetitions > 1)
            {
                failures.Add($"{repetition} of {repetitions}: {exception.Message}");
            }
        }
        Assert.That(failures, Is.Empty);
    }

    /// <summary>Records a figure and compares it with the worst allowed value.</summary>
    protected static void Must(FaultGoal goal, double figure)
    {
        Tell(goal, figure);
        if (goal.Worst is { } worst)
            Assert.That(figure, Is.AtMost(worst + (Repetitions is null ? goal.Slack : 0)), $"{goal.Fault}: {goal.Figure}, {goal.Unit}");
    }

    /// <summary>Records a figure.</summary>
    protected static void Tell(FaultGoal goal, double figure)
    {
        FaultTable.Add(goal, figure);
        TestContext.Out.WriteLine($"{goal.Fault}: {goal.Figure}: {figure.ToString("0.#", CultureInfo.InvariantCulture)} {goal.Unit}");
    }
}
