using Hype.MediaNode.Registration;

namespace Hype.MediaNode.Tests.Registration;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RetryPauseTests
{
    private readonly RetryPause _retry = new();

    [Test]
    public void Pauses_after_a_broken_stream_grow_to_1_second() =>
        Assert.That(Pauses(StreamEnd.Broken, 6), Is.EqualTo(new[] { 100, 200, 400, 800, 1000, 1000 }));

    [Test]
    public void Pauses_of_a_refused_node_grow_to_5_seconds() =>
        Assert.That(Pauses(StreamEnd.Refused, 8), Is.EqualTo(new[] { 100, 200, 400, 800, 1600, 3200, 5000, 5000 }));

    [Test]
    public void Retry_is_immediate_after_a_stream_with_acknowledged_messages_and_the_next_pause_is_shortest()
    {
        Pauses(StreamEnd.Broken, 5);
        Assert.That(Pauses(StreamEnd.Served, 1), Is.EqualTo(new[] { 0 }));
        Assert.That(Pauses(StreamEnd.Broken, 1), Is.EqualTo(new[] { 100 }));
    }

    private double[] Pauses(StreamEnd end, int count) => [.. Enumerable.Range(0, count).Select(_ => _retry.After(end).TotalMilliseconds)];
}
