using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Options;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelIndexGrainTests
{
    private static readonly ChannelId Lobby = ChannelId.Parse("lobby");
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    private readonly FakePersistentState<ChannelIndexState> _stored = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ChannelIndexGrain _index;
    private ReportNumber _number;

    public ChannelIndexGrainTests() => _index = new ChannelIndexGrain(
        _stored, new OptionsWrapper<ChannelOptions>(new ChannelOptions { IndexRenewal = Renewal }), _time);

    [Test]
    public async Task Channels_are_listed_in_the_order_of_their_ids()
    {
        await ReportAsync("b", 1);
        await ReportAsync("a", 2);
        await _index.SetCreated(ChannelId.Parse("aa"), true);
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "a 2", "aa 0", "b 1" }));
    }

    [Test]
    public async Task Created_channel_is_stored_by_the_second_call_when_the_first_write_failed()
    {
        _stored.Failure = new TimeoutException();
        Assert.That(async () => await _index.SetCreated(Lobby, true), Throws.InstanceOf<TimeoutException>());
        Assert.That(await ListAsync(), Is.Empty);
        _stored.Failure = null;
        await _index.SetCreated(Lobby, true);
        Assert.That(_stored.Writes, Is.EqualTo(1));
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 0" }));
    }

    [Test]
    public async Task Channel_report_replaces_the_index_entry_and_a_report_without_members_removes_the_entry()
    {
        await ReportAsync("lobby", 1);
        await ReportAsync("lobby", 5);
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 5" }));
        await ReportAsync("lobby", 0);
        Assert.That(await ListAsync(), Is.Empty);
    }

    [Test]
    public async Task Index_entry_of_a_channel_expires_after_three_missed_renewals()
    {
        await ReportAsync("lobby", 1);
        _time.Advance(3 * Renewal);
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 1" }));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.That(await ListAsync(), Is.Empty);
    }

    [Test]
    public async Task Renewed_index_entry_of_a_channel_does_not_expire()
    {
        await ReportAsync("lobby", 1);
        _time.Advance(3 * Renewal);
        await ReportAsync("lobby", 1);
        _time.Advance(3 * Renewal);
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 1" }));
    }

    [Test]
    public async Task Created_channel_stays_listed_without_members_until_marked_as_not_created()
    {
        await _index.SetCreated(Lobby, true);
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 0" }));
        await ReportAsync("lobby", 2);
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 2" }), "listed once");
        _time.Advance(TimeSpan.FromDays(1));
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 0" }));

        await _index.SetCreated(Lobby, false);
        Assert.That(await ListAsync(), Is.Empty);
    }

    [Test]
    public async Task Second_identical_creation_or_removal_of_a_channel_writes_no_state()
    {
        await _index.SetCreated(Lobby, true);
        await _index.SetCreated(Lobby, true);
        Assert.That(_stored.Writes, Is.EqualTo(1));
        await _index.SetCreated(Lobby, false);
        await _index.SetCreated(Lobby, false);
        Assert.That(_stored.Writes, Is.EqualTo(2));
    }

    [Test]
    public async Task Index_entries_do_not_expire_when_the_clock_of_the_host_is_set_forward()
    {
        var time = new SteppedTime();
        var options = new OptionsWrapper<ChannelOptions>(new ChannelOptions { IndexRenewal = Renewal });
        var index = new ChannelIndexGrain(_stored, options, time);
        await index.Report(new ChannelSummary(Lobby, ChannelMode.P2P, new(1), ModeReason.Created, 1), new(1, 1));
        time.Step(TimeSpan.FromMinutes(3));
        Assert.That(await index.List(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Report_that_arrives_after_a_newer_one_changes_nothing()
    {
        await ReportAsync("lobby", 2, new(1, 2));
        await ReportAsync("lobby", 1, new(1, 1));
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 2" }));

        await ReportAsync("lobby", 3, new(2, 1));
        await ReportAsync("lobby", 2, new(1, 3));
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 3" }), "the report of an earlier activation");

        await ReportAsync("lobby", 0, new(2, 3));
        await ReportAsync("lobby", 3, new(2, 2));
        Assert.That(await ListAsync(), Is.Empty, "the channel is empty");
        await ReportAsync("lobby", 1, new(2, 4));
        Assert.That(await ListAsync(), Is.EqualTo(new[] { "lobby 1" }));
    }

    private Task ReportAsync(string channel, int participants) => ReportAsync(channel, participants, _number = _number.Next());

    private Task ReportAsync(string channel, int participants, ReportNumber number) =>
        _index.Report(new ChannelSummary(ChannelId.Parse(channel), ChannelMode.P2P, new(1), ModeReason.Created, participants), number);

    private async Task<IEnumerable<string>> ListAsync() =>
        (await _index.List()).Select(summary => $"{summary.Channel} {summary.Participants}");
}
