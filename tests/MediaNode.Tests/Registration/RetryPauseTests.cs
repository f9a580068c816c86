using Hype.MediaNode.Registration;

namespace Hype.MediaNode.Tests.Registration;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RetryPauseTests
{
    private readonly RetryPause _retry = new();

    [Test]
    public void A_gateway_that_cannot_be_reached_is_tried_each_second_at_least() =>
        Assert.That(Pauses(StreamEnd.Broken, 6), Is.EqualTo(new[] { 100, 200, 400, 800, 1000, 1000 }));

    [Test]
    public void A_node_that_is_refused_has_more_patience() =>
        Assert.That(Pauses(StreamEnd.Refused, 8), Is.EqualTo(new[] { 100, 200, 400, 800, 1600, 3200, 5000, 5000 }));

    [Test]
    public void After_a_stream_that_served_there_is_no_pause_and_the_next_is_short()
    {
        Pauses(StreamEnd.Broken, 5);
        Assert.That(Pauses(StreamEnd.Served, 1), Is.EqualTo(new[] { 0 }));
        Assert.That(Pauses(StreamEnd.Broken, 1), Is.EqualTo(new[] { 100 }));
    }

    private double[] Pauses(StreamEnd end, int count) => [.. Enumerable.Range(0, count).Select(_ => _retry.After(end).TotalMilliseconds)];
}
