using System.Diagnostics;
using System.Globalization;
using Hype.Cluster.Tests.Testing;
using NUnit.Framework.Interfaces;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Base of the fault tests: a test causes one fault of the table in docs/architecture.md in a real cluster while members talk. In CI a
/// test runs once, with short outages; <c>tests/run --faults</c> repeats each test and writes the table of all measurements.
/// </summary>
[Category("Cluster")]
[Category("Faults")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal abstract class Fault
{
    // Set by tests/run --faults.
    private const string RepetitionsVariable = "HYPE_FAULT_REPETITIONS";

    private static int _lastChannel;

    /// <summary>
    /// The number of times that each test repeats its fault, for the table; null in CI, where a test runs once with a short outage.
    /// </summary>
    private static int? Repetitions =>
        Environment.GetEnvironmentVariable(RepetitionsVariable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;

    /// <summary>
    /// The time for which a test stops a store: 60 s for the table, and 10 s in CI, which is longer than every timeout that the test
    /// depends on.
    /// </summary>
    protected static TimeSpan Outage => TimeSpan.FromSeconds(Repetitions is null ? 10 : 60);

    private readonly List<TimeSpan> _durations = [];
    private readonly List<(FaultGoal Goal, List<double> Figures)> _figures = [];
    private TimeSpan _startUp;

    protected LocalCluster Cluster { get; private set; } = null!;

    /// <summary>Returns the cluster in which the fault happens: the shared one, unless a test needs other settings.</summary>
    protected virtual Task<LocalCluster> GetClusterAsync() => SharedCluster.GetAsync();

    [OneTimeSetUp]
    public async Task FindCluster()
    {
        var clock = Stopwatch.StartNew();
        Cluster = await GetClusterAsync();
        _startUp = clock.Elapsed;
    }

    [OneTimeTearDown]
    public void ReportDuration() => FaultTable.Add(new FaultDuration(GetType().Name, _startUp, _durations));

    [TearDown]
    public async Task ReportAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
            await TestContext.Out.WriteLineAsync(
                $"The cluster's logs are in {Cluster.KeepLogs(TestContext.CurrentContext.Test.FullName)}");
    }

    /// <summary>Returns a name for a channel that no other repetition uses.</summary>
    protected string NewChannel() => $"{GetType().Name}-{Interlocked.Increment(ref _lastChannel)}".ToLowerInvariant();

    /// <summary>
    /// Repeats a test as often as configured, each time on a complete cluster. A failed repetition does not stop the others: all failures
    /// are reported at the end, with the goals whose median over the repetitions is above its limit.
    /// </summary>
    protected async Task RepeatAsync(Func<Task> once)
    {
        var failures = new List<string>();
        var repetitions = Repetitions ?? 1;
        for (var repetition = 1; repetition <= repetitions; repetition++)
        {
            var clock = Stopwatch.StartNew();
            await Cluster.EnsureCompleteAsync();
            try
            {
                await once();
            }
            catch (Exception exception) when (repetitions > 1)
            {
                failures.Add($"{repetition} of {repetitions}: {exception.Message}");
            }

            _durations.Add(clock.Elapsed);
            await TestContext.Out.WriteLineAsync($"repetition {repetition} of {repetitions}: {clock.Elapsed.TotalSeconds:0} s");
        }

        // A single run has no median: its figure is compared with the worst allowed value.
        if (repetitions > 1)
            failures.AddRange(FaultTable.MissedMedians(_figures));
        Assert.That(failures, Is.Empty);
    }

    /// <summary>
    /// Records a figure, for its median too, and fails the test if the figure exceeds the goal's worst allowed value.
    /// </summary>
    protected void Must(FaultGoal goal, double figure)
    {
        Record(goal, figure);
        FaultTable.Add(_figures, goal, figure);
        if (goal.Worst is { } worst)
            Assert.That(figure, Is.AtMost(worst + (Repetitions is null ? goal.Slack : 0)), $"{goal.Fault}: {goal.Figure}, {goal.Unit}");
    }

    /// <summary>Records a figure for the table and prints it, without comparing it with its goal.</summary>
    protected static void Record(FaultGoal goal, double figure)
    {
        FaultTable.Add(goal, figure);
        TestContext.Out.WriteLine($"{goal.Fault}: {goal.Figure}: {figure.ToString("0.#", CultureInfo.InvariantCulture)} {goal.Unit}");
    }
}
