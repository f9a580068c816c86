using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Hype.Gateway.Diagnostics;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Signaling.Socket;

/// <summary>Tests the metrics of sockets, which the dashboards query.</summary>
public sealed class SignalingMetricsTests
{
    [Test]
    public async Task Sockets_sessions_joins_messages_errors_and_closes_are_counted()
    {
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == GatewayMeter.Name)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.Start();

        await using (var gateway = await GatewayHost.StartAsync())
        {
            using var ada = await gateway.JoinAsync("ada");
            Read();
            Assert.That(counts["hype.gateway.sockets"], Is.EqualTo(1));
            Assert.That(counts["hype.gateway.sessions"], Is.EqualTo(1));
            await ada.SendAsync("nonsense");
            await ada.ExpectErrorAsync();
            await ada.SendAsync("""{"type":"leave"}""");
            await ada.ExpectCloseAsync();
            Assert.That(
                () =>
                {
                    Read();
                    return counts["hype.gateway.sockets"] + counts["hype.gateway.sessions"];
                },
                Is.Zero.After(5_000, 10));
        }

        Assert.That(counts.Where(count => count.Value > 0), Is.EquivalentTo(new Dictionary<string, long>
        {
            ["hype.gateway.joins result=ok"] = 1,
            ["hype.gateway.messages type=join"] = 1,
            ["hype.gateway.messages type=unknown"] = 1,
            ["hype.gateway.messages type=leave"] = 1,
            ["hype.gateway.errors code=badMessage"] = 1,
            ["hype.gateway.closes reason=left"] = 1,
        }));

        // Each gateway is measured by itself: its instruments are read again.
        void Read()
        {
            foreach (var observed in counts.Keys.Where(name => !name.StartsWith("hype.gateway.messages", StringComparison.Ordinal)))
                counts[observed] = 0;
            listener.RecordObservableInstruments();
        }

        void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            counts.AddOrUpdate(
                tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Key}={tags[0].Value}", value, (_, sum) => sum + value);
    }
}
