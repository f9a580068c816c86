using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Diagnostics;
using Hype.Grains.Tests.Testing;
using Hype.Grains.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Channels.Publishing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NewsFeedTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<GrainMetrics>().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new();
    private readonly NewsFeed _feed;
    private int _changes;

    public NewsFeedTests()
    {
        var receivers = new WebhookReceivers(new OptionsWrapper<WebhookOptions>(new WebhookOptions()));
        var webhooks = new WebhookFeed(
            MachineBench.Channel,
            receivers,
            new RecordedGrains().Factory,
            () => { },
            _time,
            _services.GetRequiredService<GrainMetrics>(),
            NullLogger.Instance,
            default);
        _feed = new NewsFeed(new ChannelHistory(0, [], []), webhooks, () => _changes++, _time);
    }

    public void Dispose() => _services.Dispose();

    [Test]
    public async Task Read_of_the_channel_news_waits_for_the_next_change()
    {
        var reading = _feed.ReadAsync(0, Snapshot);
        Assert.That(reading.IsCompleted, Is.False);
        _feed.Record(new ChannelSettings { Name = "Lobby" }, Now);
        Assert.That((await reading).News.Single().What, Is.InstanceOf<SettingsChanged>());
        Assert.That(_changes, Is.EqualTo(1));
    }

    [Test]
    public async Task Read_of_the_channel_news_without_a_change_returns_no_news_after_the_timeout()
    {
        var reading = _feed.ReadAsync(0, Snapshot);
        _time.Advance(IChannelGrain.NewsTimeout);
        Assert.That((await reading).News, Is.Empty);
    }

    [Test]
    public void Record_without_events_reports_no_change_and_assigns_no_number()
    {
        _feed.Record([], [], Now);
        Assert.That((_changes, _feed.LastNumber), Is.EqualTo((0, 0L)));
    }

    private static ChannelSnapshot Snapshot() => throw new InvalidOperationException("These readers need no snapshot.");
}
