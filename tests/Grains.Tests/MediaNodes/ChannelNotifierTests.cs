using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.MediaNodes;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.MediaNodes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelNotifierTests
{
    private static readonly ChannelId Lobby = ChannelId.Parse("lobby");
    private static readonly ChannelId Attic = ChannelId.Parse("attic");
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _calls = [];
    private readonly Dictionary<ChannelId, TaskCompletionSource> _held = [];
    private readonly ChannelNotifier _notifier;

    public ChannelNotifierTests() => _notifier = new(
        new MediaNodeId("a"),
        channel => FakeCalls.Create<IChannelGrain>((method, _) =>
        {
            _calls.Add($"{method} {channel}");
            return _held.TryGetValue(channel, out var held) ? held.Task : Task.CompletedTask;
        }),
        _time,
        NullLogger.Instance);

    [Test]
    public async Task All_node_events_of_a_channel_are_reported_to_the_channel_in_one_call()
    {
        Assert.That(await _notifier.ReportAsync([Connected(Lobby), Connected(Attic), Connected(Lobby)]), Is.Empty);
        Assert.That(_calls, Is.EqualTo(new[] { "NodeReported lobby", "NodeReported attic" }));
    }

    [Test]
    public async Task Channel_without_an_answer_within_the_report_timeout_is_returned_as_undelivered()
    {
        _held[Attic] = new();
        var report = _notifier.ReportAsync([Connected(Lobby), Connected(Attic)]);
        _time.Advance(ChannelNotifier.EventTimeout - TimeSpan.FromMilliseconds(1));
        Assert.That(report.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(await report, Is.EqualTo(new[] { Attic }));
    }

    [Test]
    public async Task Channel_with_an_unanswered_report_receives_no_further_report_until_the_answer()
    {
        await TimeOutAsync(Attic);
        Assert.That(await _notifier.ReportAsync([Connected(Attic)]), Is.EqualTo(new[] { Attic }));
        Assert.That(_calls, Has.Count.EqualTo(1));

        _held[Attic].SetResult();
        _held.Remove(Attic);
        Assert.That(await _notifier.ReportAsync([Connected(Attic)]), Is.Empty);
        Assert.That(_calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Report_timeout_is_temporarily_shorter_after_any_channel_timed_out()
    {
        await TimeOutAsync(Attic);
        _held[Lobby] = new();
        var report = _notifier.ReportAsync([Connected(Lobby)]);
        _time.Advance(ChannelNotifier.ShortEventTimeout);
        Assert.That(await report, Is.EqualTo(new[] { Lobby }));

        _time.Advance(ChannelNotifier.ShortTimeoutPeriod);
        _notifier.Clear();
        report = _notifier.ReportAsync([Connected(Lobby)]);
        _time.Advance(ChannelNotifier.ShortEventTimeout);
        Assert.That(report.IsCompleted, Is.False);
    }

    [Test]
    public async Task Channel_is_returned_as_undelivered_when_the_report_call_fails()
    {
        _held[Lobby] = new();
        _held[Lobby].SetException(new TimeoutException());
        Assert.That(await _notifier.ReportAsync([Connected(Lobby)]), Is.EqualTo(new[] { Lobby }));
    }

    [Test]
    public async Task Notification_of_a_lost_node_completes_after_the_timeout_when_a_channel_does_not_answer()
    {
        _held[Attic] = new();
        var lost = _notifier.NodeLostAsync([Lobby, Attic], default, default);
        Assert.That(_calls, Is.EqualTo(new[] { "NodeLost lobby", "NodeLost attic" }));
        Assert.That(lost.IsCompleted, Is.False);
        _time.Advance(ChannelNotifier.LossTimeout);
        await lost;
    }

    [Test]
    public void All_rooms_of_a_channel_found_on_a_node_are_reported_to_the_channel_in_one_call()
    {
        _notifier.RoomsFound([new(Lobby, new(1)), new(Attic, new(1)), new(Lobby, new(2))]);
        Assert.That(_calls, Is.EqualTo(new[] { "RoomsFound lobby", "RoomsFound attic" }));
    }

    [Test]
    public void Few_channels_are_notified_of_found_rooms_at_the_same_time()
    {
        var channels = Enumerable.Range(0, ChannelNotifier.FoundAtOnce + 1).Select(index => ChannelId.Parse($"c{index}")).ToArray();
        _held[channels[0]] = new();
        _notifier.RoomsFound([.. channels.Select(channel => new HeldRoom(channel, new(1)))]);
        Assert.That(_calls, Has.Count.EqualTo(ChannelNotifier.FoundAtOnce));
        _held[channels[0]].SetResult();
        Assert.That(_calls, Has.Count.EqualTo(channels.Length));
    }

    private async Task TimeOutAsync(ChannelId channel)
    {
        _held[channel] = new();
        var report = _notifier.ReportAsync([Connected(channel)]);
        _time.Advance(ChannelNotifier.EventTimeout);
        await report;
    }

    private static EndpointConnected Connected(ChannelId channel) => new(new MemberNumber(1)) { Channel = channel, Epoch = new(1) };
}
