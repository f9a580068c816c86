using System.Collections.Concurrent;
using NUnit.Framework.Interfaces;

[assembly: TestTimeLimit]

/// <summary>
/// Ends the process of a test that hangs, and names the test: NUnit's time limits only cancel a token, which a hanging test does not read.
/// Each test assembly contains this file (tests/Directory.Build.props).
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
file sealed class TestTimeLimitAttribute : Attribute, ITestAction
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Timer> _running = new();

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) => _running[test.Id] = new Timer(
        _ => Environment.FailFast($"The test {test.FullName} runs for more than {Limit.TotalMinutes:F0} min."),
        null,
        Limit,
        Timeout.InfiniteTimeSpan);

    public void AfterTest(ITest test)
    {
        if (_running.TryRemove(test.Id, out var timer))
            timer.Dispose();
    }
}
