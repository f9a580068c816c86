using System.Collections.Concurrent;
using System.Globalization;
using NUnit.Framework.Interfaces;

[assembly: TestTimeLimit]

/// <summary>
/// Ends the process of a test that hangs, and names the test: NUnit's time limits only cancel a token, which a hanging test does not read.
/// Each test assembly contains this file (tests/Directory.Build.props).
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
file sealed class TestTimeLimitAttribute : Attribute, ITestAction
{
    /// <summary>A fault test makes all its repetitions in one test.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30) * Math.Max(1, FromEnvironment("HYPE_FAULT_REPETITIONS"));

    /// <summary>True in the long form of the hostile tests, whose length has no limit.</summary>
    private static readonly bool IsUnlimited = FromEnvironment("HYPE_HOSTILE_PACKETS") > 0 || FromEnvironment("HYPE_HOSTILE_MESSAGES") > 0;

    private readonly ConcurrentDictionary<string, Timer> _running = new();

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) => _running[test.Id] = new Timer(
        _ => Environment.FailFast($"The test {test.FullName} runs for more than {Limit.TotalMinutes:F0} min."),
        null,
        IsUnlimited ? Timeout.InfiniteTimeSpan : Limit,
        Timeout.InfiniteTimeSpan);

    public void AfterTest(ITest test)
    {
        if (_running.TryRemove(test.Id, out var timer))
            timer.Dispose();
    }

    private static int FromEnvironment(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
