using System.Threading.Channels;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Tests.Testing;
using Hype.Grains.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Webhooks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WebhookWakerTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WakeTimeout = TimeSpan.FromSeconds(20);

    private readonly RecordedMetrics _recorded = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLifetime _lifetime = new();
    private readonly Channel<string> _woken = Channel.CreateUnbounded<string>();

    public void Dispose()
    {
        _lifetime.Dispose();
        _recorded.Dispose();
    }

    [Test]
    public async Task All_outboxes_are_activated_after_the_start_of_the_silo_and_again_in_each_period()
    {
        using var waker = Create("default", "audit");
        await waker.StartAsync(CancellationToken.None);
        Assert.That(_woken.Reader.TryRead(out _), Is.False, "grains cannot be called yet");

        _lifetime.Start();
        var shards = Enumerable.Range(0, IChannelIndexGrain.Shards);
        var all = shards.SelectMany(shard => new[] { $"default {shard}", $"audit {shard}" }).ToArray();
        Assert.That(await NextAsync(all.Length), Is.EquivalentTo(all));
        _time.Advance(Period);
        Assert.That(await NextAsync(all.Length), Is.EquivalentTo(all));
        await waker.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Webhook_waker_ends_when_stopped_before_the_start_of_the_silo()
    {
        using var waker = Create("default");
        await waker.StartAsync(CancellationToken.None);
        await waker.StopAsync(CancellationToken.None);
        Assert.That(waker.ExecuteTask!.IsCompleted);
    }

    [Test]
    public async Task Webhook_waker_without_receivers_ends_immediately()
    {
        using var waker = Create();
        await waker.StartAsync(CancellationToken.None);
        await waker.ExecuteTask!.WaitAsync(WakeTimeout);
        Assert.That(_woken.Reader.TryRead(out _), Is.False);
    }

    [Test]
    public async Task Metric_series_of_each_receiver_exist_after_the_start_of_the_silo()
    {
        using var waker = Create("default");
        _lifetime.Start();
        await waker.StartAsync(CancellationToken.None);
        await NextAsync(1);
        Assert.That(_recorded.Read("hype.webhook.events.lost"), Is.EqualTo(new Dictionary<string, double> { ["receiver=default"] = 0 }));
        await waker.StopAsync(CancellationToken.None);
    }

    private WebhookWaker Create(params string[] receivers)
    {
        var grains = FakeGrains.Create();
        foreach (var receiver in receivers)
        {
            for (var shard = 0L; shard < IChannelIndexGrain.Shards; shard++)
            {
                var key = $"{receiver} {shard}";
                FakeGrains.Add(grains, (shard, receiver), FakeCalls.Create<IWebhookOutboxGrain>((_, _) => WakeAsync(key)));
            }
        }

        var options = new WebhookOptions
        {
            Receivers = receivers.ToDictionary(
                receiver => receiver, receiver => new WebhookReceiverOptions { Url = $"https://{receiver}/hooks", Secrets = [Secret] }),
        };
        return new WebhookWaker(
            grains,
            new WebhookReceivers(Options.Create(options)),
            _lifetime,
            _time,
            _recorded.Metrics,
            NullLogger<WebhookWaker>.Instance);
    }

    private Task WakeAsync(string outbox)
    {
        _woken.Writer.TryWrite(outbox);
        return Task.CompletedTask;
    }

    private async Task<List<string>> NextAsync(int count)
    {
        var woken = new List<string>();
        while (woken.Count < count)
            woken.Add(await _woken.Reader.ReadAsync().AsTask().WaitAsync(WakeTimeout));
        return woken;
    }

    /// <summary>A fake lifetime of a host that starts when the test starts it.</summary>
    private sealed class FakeLifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void Start() => _started.Cancel();

        public void StopApplication() => throw new NotSupportedException();

        public void Dispose() => _started.Dispose();
    }
}
