using Hype.Grains.Channels.Timing;

namespace Hype.Grains.Tests.Channels.Timing;

public sealed class DeadlinesTests
{
    private static readonly DateTimeOffset Early = DateTimeOffset.UnixEpoch;

    [Test]
    public void Earliest_deadline_ignores_nulls()
    {
        Assert.That(Deadlines.Earliest(null, Early.AddSeconds(1), null, Early), Is.EqualTo(Early));
        Assert.That(Deadlines.Earliest(null, null), Is.Null);
    }
}
