using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Options;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class IndexEntryTests
{
    private static readonly BackgroundWork Work = new(MachineBench.Channel, NullLogger.Instance);

    private readonly ChannelIndexGrain _index = new(
        new FakePersistentState<ChannelIndexState>(), new OptionsWrapper<ChannelOptions>(new ChannelOptions()), TimeProvider.System);

    /// <summary>The calls that are on their way to the index. The test delivers them in an order of its own.</summary>
    private readonly List<Func<Task>> _calls = [];

    [Test]
    public void Channel_summary_is_reported_to_the_index_on_each_change_and_each_renewal()
    {
        var grains = new RecordedGrains();
        var entry = new IndexEntry(MachineBench.Channel, 1, grains.Factory, Work);
        entry.Update(Summary(0));
        Assert.That(grains.Calls, Is.Empty, "an empty channel that was never reported has no entry");
        entry.Update(Summary(1));
        entry.Update(Summary(1));
        Assert.That(grains.Calls, Has.Count.EqualTo(1));
        entry.Renew(Summary(1));
        entry.Update(Summary(0));
        Assert.That(grains.Calls, Has.Count.EqualTo(3).And.All.EndsWith(".Report"));
    }

    [Test]
    public async Task Index_lists_the_newest_summary_when_the_reports_arrive_in_another_order()
    {
        var entry = Entry(incarnation: 1);
        entry.Update(Summary(1));
        entry.Update(Summary(2));
        await DeliverAsync(1);
        await DeliverAsync(0);
        Assert.That(await ListAsync(), Is.EqualTo(new[] { 2 }));

        entry.Update(Summary(1));
        entry.Update(Summary(0));
        await DeliverAsync(3);
        await DeliverAsync(2);
        Assert.That(await ListAsync(), Is.Empty);
    }

    [Test]
    public async Task Last_report_of_an_activation_does_not_replace_the_first_one_of_the_next_activation()
    {
        Entry(incarnation: 1).Update(Summary(1));
        Entry(incarnation: 2).Update(Summary(2));
        await DeliverAsync(1);
        await DeliverAsync(0);
        Assert.That(await ListAsync(), Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public async Task Deletion_of_a_channel_waits_until_its_creation_has_reached_the_index()
    {
        var entry = Entry(incarnation: 1);
        var created = entry.SetCreatedAsync(true);
        var deleted = entry.SetCreatedAsync(false);
        Assert.That(_calls, Has.Count.EqualTo(1));
        await DeliverAsync(0);
        await created;
        await DeliverAsync(1);
        await deleted;
        Assert.That(await ListAsync(), Is.Empty);
    }

    [Test]
    public async Task Only_the_newest_of_the_values_that_wait_for_a_slow_index_is_sent()
    {
        var entry = Entry(incarnation: 1);
        var first = entry.SetCreatedAsync(true);
        Task[] waiting = [entry.SetCreatedAsync(false), entry.SetCreatedAsync(true), entry.SetCreatedAsync(false)];
        Assert.That(_calls, Has.Count.EqualTo(1));
        await DeliverAsync(0);
        await first;
        Assert.That(_calls, Has.Count.EqualTo(2));
        await DeliverAsync(1);
        await Task.WhenAll(waiting);
        Assert.That(await ListAsync(), Is.Empty);
        Assert.That(_calls, Has.Count.EqualTo(2));

        var last = entry.SetCreatedAsync(true);
        await DeliverAsync(2);
        await last;
        Assert.That(await ListAsync(), Is.EqualTo(new[] { 0 }));
    }

    private IndexEntry Entry(long incarnation)
    {
        var grains = FakeGrains.Create();
        FakeGrains.Add(
            grains, IChannelIndexGrain.ShardOf(MachineBench.Channel), FakeCalls.Create<IChannelIndexGrain>((method, arguments) =>
            {
                var answer = new TaskCompletionSource();
                _calls.Add(async () =>
                {
                    await (Task)typeof(IChannelIndexGrain).GetMethod(method)!.Invoke(_index, arguments)!;
                    answer.SetResult();
                });
                return answer.Task;
            }));
        return new IndexEntry(MachineBench.Channel, incarnation, grains, Work);
    }

    private Task DeliverAsync(int call) => _calls[call]();

    private async Task<IEnumerable<int>> ListAsync() => (await _index.List()).Select(summary => summary.Participants);

    private static ChannelSummary Summary(int participants) =>
        new(MachineBench.Channel, ChannelMode.P2P, new(1), ModeReason.Created, participants);
}
