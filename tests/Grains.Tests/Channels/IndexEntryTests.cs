using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hype.Grains.Tests.Channels;

public sealed class IndexEntryTests
{
    [Test]
    public void Channel_summary_is_reported_to_the_index_on_each_change_and_each_renewal()
    {
        var grains = new RecordedGrains();
        var entry = new IndexEntry(MachineBench.Channel, grains.Factory, new BackgroundWork(MachineBench.Channel, NullLogger.Instance));
        entry.Update(Summary(0));
        Assert.That(grains.Calls, Is.Empty, "an empty channel that was never reported has no entry");
        entry.Update(Summary(1));
        entry.Update(Summary(1));
        Assert.That(grains.Calls, Has.Count.EqualTo(1));
        entry.Renew(Summary(1));
        entry.Update(Summary(0));
        Assert.That(grains.Calls, Has.Count.EqualTo(3).And.All.EndsWith(".Report"));
    }

    private static ChannelSummary Summary(int participants) =>
        new(MachineBench.Channel, ChannelMode.P2P, new(1), ModeReason.Created, participants);
}
