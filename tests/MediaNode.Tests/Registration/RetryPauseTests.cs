using Hype.MediaNode.Registration;

namespace Hype.MediaNode.Tests.Registration;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RetryPauseTests
{
    private readonly RetryPause _retry = new();

    [Test]
    public void Unreachable_gateway_is_retried_at_least_every_second() =>
        Assert.That(Pauses(StreamEnd.Broken, 6), Is.EqualTo(new[] { 100, 200, 400, 800, 1000, 1000 }));

    [Test]
    public void Refused_node_pauses_for_longer() =>
        Assert.That(Pauses(StreamEnd.Refused, 8), Is.EqualTo(new[] { 100, 200, 400, 800, 1600, 3200, 5000, 5000 }));

    [Test]
    public void Served_stream_is_followed_by_no_pause_and_then_a_short_one()
    {
        Pauses(StreamEnd.Broken, 5);
        Assert.That(Pauses(StreamEnd.Served, 1), Is.EqualTo(new[] { 0 }));
        Assert.That(Pauses(StreamEnd.Broken, 1), Is.EqualTo(new[] { 100 }));
    }

    private double[] Pauses(StreamEnd end, int count) => [.. Enumerable.Range(0, count).Select(_ => _retry.After(end).TotalMilliseconds)];
}
