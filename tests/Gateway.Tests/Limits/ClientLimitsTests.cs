using System.Diagnostics.Metrics;
using System.Net;
using Hype.Gateway.Limits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Tests.Limits;

public sealed class ClientLimitsTests
{
    private static readonly ClientAddress Here = ClientAddress.Of(IPAddress.Parse("192.0.2.1"));
    private static readonly ClientAddress There = ClientAddress.Of(IPAddress.Parse("192.0.2.2"));

    // No tokens are added within a test.
    private static readonly RateOptions Two = new() { Burst = 2, PerSecond = 1 };

    private ServiceProvider _services = null!;

    [SetUp]
    public void SetUp() => _services = new ServiceCollection().AddMetrics().AddSingleton<LimitMetrics>().BuildServiceProvider();

    [TearDown]
    public void TearDown() => _services.Dispose();

    [Test]
    public void Address_above_the_join_limit_gets_a_time_to_wait_and_other_addresses_may_join()
    {
        using var limits = Limits(new LimitOptions { JoinsPerAddress = Two });
        Assert.That(limits.Join(Here), Is.EqualTo(TimeSpan.Zero));
        Assert.That(limits.Join(Here), Is.EqualTo(TimeSpan.Zero));
        Assert.That(limits.Join(Here), Is.GreaterThan(TimeSpan.Zero));
        Assert.That(limits.Join(There), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Address_at_the_limit_of_open_sockets_may_open_a_socket_after_a_socket_has_closed()
    {
        using var limits = Limits(new LimitOptions { OpenSocketsPerAddress = 1 });
        using (var first = limits.Socket(Here, out _))
        {
            Assert.That(first, Is.Not.Null);
            Assert.That(limits.Socket(Here, out var wait), Is.Null);
            Assert.That(wait, Is.GreaterThan(TimeSpan.Zero));
        }

        using var second = limits.Socket(Here, out _);
        Assert.That(second, Is.Not.Null);
    }

    [Test]
    public void Every_refusal_is_counted_under_the_exceeded_limit()
    {
        var counted = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "hype.gateway.limited" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, count, tags, _) => counted.AddRange(Enumerable.Repeat((string)tags[0].Value!, (int)count)));
        listener.Start();
        var one = new RateOptions { Burst = 1, PerSecond = 1 };
        using var limits = Limits(
            new LimitOptions { SocketsPerAddress = one, JoinsPerAddress = one, JoinsPerIdentity = one, MessagesPerSession = one });
        using var messages = limits.Messages();
        for (var i = 0; i < 2; i++)
        {
            limits.Socket(Here, out _)?.Dispose();
            limits.Join(Here);
            limits.Join("ada");
            messages.Take();
        }

        listener.RecordObservableInstruments();
        Assert.That(counted, Is.EquivalentTo(new[] { "socketsPerAddress", "joinsPerAddress", "joinsPerIdentity", "messagesPerSession" }));
    }

    private ClientLimits Limits(LimitOptions options) => new(Options.Create(options), _services.GetRequiredService<LimitMetrics>());
}
