using Hype.Grains.Channels;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BackgroundWorkTests
{
    private readonly LineLogger _log = new();

    private BackgroundWork Work => new(ChannelId.Parse("lobby"), _log);

    [Test]
    public void Background_work_starts_immediately_and_continues_after_the_Start_call_returns()
    {
        var (started, ended) = (false, false);
        var gate = new TaskCompletionSource();
        Work.Start(
            async () =>
            {
                started = true;
                await gate.Task;
                ended = true;
            },
            "wait");
        Assert.That((started, ended), Is.EqualTo((true, false)));
        gate.SetResult();
        Assert.That(ended, Is.True);
    }

    [Test]
    public void Exception_of_background_work_is_logged_and_not_thrown()
    {
        Work.Start(() => throw new InvalidOperationException(), "place a room");
        Work.Start(() => Task.FromException(new InvalidOperationException()), "close a room");
        Assert.That(_log.Lines, Is.EqualTo(new[] { "Channel lobby failed to place a room", "Channel lobby failed to close a room" }));
    }

    [Test]
    public void Failure_reported_by_background_work_is_logged()
    {
        Work.Failed(new TimeoutException(), "verify a room");
        Assert.That(_log.Lines, Is.EqualTo(new[] { "Channel lobby failed to verify a room" }));
    }

    private sealed class LineLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
