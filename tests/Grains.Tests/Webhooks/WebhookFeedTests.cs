using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Tests.Channels;
using Hype.Grains.Tests.Testing;
using Hype.Grains.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>
/// Tests the calls of a channel to the outboxes of two receivers: <c>default</c> gets all events, <c>audit</c> only departures.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WebhookFeedTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly RecordedMetrics _recorded = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly List<string> _calls = [];
    private readonly WebhookFeed _feed;
    private bool _failing;
    private int _sent;

    public WebhookFeedTests()
    {
        var grains = FakeGrains.Create();
        foreach (var receiver in new[] { "default", "audit" })
        {
            var outbox = FakeCalls.Create<IWebhookOutboxGrain>(
                (_, arguments) => StoreAsync(receiver, (WebhookEvent[])arguments[1]!, (bool)arguments[2]!));
            FakeGrains.Add(grains, (IChannelIndexGrain.ShardOf(MachineBench.Channel), receiver), outbox);
        }

        var receivers = new WebhookReceivers(Options.Create(new WebhookOptions
        {
            Url = "https://receiver/hooks",
            Secrets = [Secret],
            MaxWaiting = 3,
            Receivers = { ["audit"] = new() { Url = "https://audit/hooks", Secrets = [Secret], Events = ["left"] } },
        }));
        _feed = new WebhookFeed(
            MachineBench.Channel, receivers, grains, () => _sent++, _time, _recorded.Metrics, NullLogger.Instance, _gone.Token);
    }

    public void Dispose()
    {
        _gone.Dispose();
        _recorded.Dispose();
    }

    [Test]
    public void Events_are_sent_to_the_outboxes_only_after_the_channel_has_stored_them()
    {
        _feed.Restore([], empty: null);
        _feed.Add([Joined(1), Joined(2)]);
        Assert.That(_calls, Is.Empty);
        Store(empty: false);
        Assert.That(_calls, Is.EqualTo(new[] { "default 1 2", "audit" }));
        Assert.That(_feed.Unsent.SelectMany(unsent => unsent.Events), Is.Empty);
    }

    [Test]
    public void Each_receiver_gets_only_the_subscribed_events_with_consecutive_numbers()
    {
        _feed.Restore([], empty: null);
        _feed.Add([Joined(1), Left(2)]);
        Store(empty: true);
        Assert.That(_calls, Is.EqualTo(new[] { "default 1 2 final", "audit 1 final" }));
    }

    [Test]
    public void Sent_callback_runs_for_each_acknowledged_outbox_call_with_events()
    {
        _feed.Restore([], empty: null);
        _feed.Add([Joined(1)]);
        Store(empty: false);
        Assert.That(_sent, Is.EqualTo(1), "the call to audit had no events");
    }

    [Test]
    public async Task Failed_outbox_call_is_repeated_after_a_delay_and_before_calls_with_later_events()
    {
        _feed.Restore([], empty: null);
        _failing = true;
        _feed.Add([Left(1)]);
        Store(empty: false);
        _calls.Clear();

        _failing = false;
        _feed.Add([Left(2)]);
        Store(empty: false);
        Assert.That(_calls, Is.Empty, "no call overtakes the failed one");
        _time.Advance(RetryDelay);
        await _feed.FlushAsync(CancellationToken.None);
        Assert.That(_calls, Is.EquivalentTo(new[] { "default 1", "default 2", "audit 1", "audit 2" }));
        Assert.That(_calls.Where(call => call.StartsWith("default")), Is.EqualTo(new[] { "default 1", "default 2" }));
    }

    [Test]
    public async Task Failed_outbox_call_is_attempted_only_once_more_after_the_channel_is_gone()
    {
        _feed.Restore([], empty: null);
        _failing = true;
        _feed.Add([Left(1)]);
        Store(empty: false);
        await _gone.CancelAsync();
        // The cancelled delay leads to one last try.
        await _feed.FlushAsync(CancellationToken.None);
        var tries = _calls.Count;
        _time.Advance(RetryDelay);
        Assert.That(_calls, Has.Count.EqualTo(tries));
        Assert.That(_feed.Unsent.SelectMany(unsent => unsent.Events).Count(), Is.EqualTo(2), "the next activation sends them");
    }

    [Test]
    public async Task Flush_stops_waiting_when_its_token_is_cancelled_and_keeps_unsent_events()
    {
        _feed.Restore([], empty: null);
        _failing = true;
        _feed.Add([Left(1)]);
        Store(empty: false);
        await _feed.FlushAsync(new CancellationToken(canceled: true));
        Assert.That(_feed.Unsent.SelectMany(unsent => unsent.Events).Count(), Is.EqualTo(2));
    }

    [Test]
    public void Restored_events_are_sent_immediately_and_later_events_get_the_following_numbers()
    {
        _feed.Restore([Unsent("default", 4, 5)], empty: false);
        Assert.That(_calls, Is.EqualTo(new[] { "default 4 5", "audit" }));
        _feed.Add([Joined(9)]);
        Store(empty: false);
        Assert.That(_calls.Last(), Is.EqualTo("default 6"));
    }

    [Test]
    public void Restored_events_of_an_unknown_receiver_remain_stored()
    {
        var unknown = Unsent("billing", 1, 2);
        _feed.Restore([unknown], empty: false);
        Store(empty: false);
        Assert.That(_feed.Unsent, Does.Contain(unknown));
    }

    [Test]
    public void Events_above_the_capacity_are_dropped_and_counted_per_receiver()
    {
        _feed.Restore([], empty: null);
        _feed.Add(Enumerable.Range(1, 5).Select(number => Joined(number)));
        Assert.That(
            _recorded.Read("hype.webhook.events.lost"), Is.EqualTo(new Dictionary<string, double> { ["receiver=default"] = 2 }));
        Store(empty: false);
        Assert.That(_calls, Does.Contain("default 3 4 5"));
    }

    private void Store(bool empty) => _feed.OnStored(_feed.Unsent, empty);

    private Task StoreAsync(string receiver, WebhookEvent[] events, bool final)
    {
        var numbers = string.Concat(events.Select(webhookEvent => $" {webhookEvent.Sequence}"));
        _calls.Add($"{receiver}{numbers}{(final ? " final" : "")}");
        return _failing ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
    }

    private static UnsentEvents Unsent(string receiver, params long[] numbers) =>
        new(receiver, numbers[^1], [.. numbers.Select(number => new WebhookEvent($"test/{number}", "{}", number))]);

    private static ChannelNews Joined(long number) => new(
        number,
        DateTimeOffset.UnixEpoch,
        new MemberJoined(new Participant
        {
            Session = new SessionId(Guid.Empty),
            Number = new(1),
            Identity = "ada",
            Name = "Ada",
            Grants = Grants.Join,
        }));

    private static ChannelNews Left(long number) =>
        new(number, DateTimeOffset.UnixEpoch, new MemberLeft(new(1), "ada", LeaveReason.Left));
}
