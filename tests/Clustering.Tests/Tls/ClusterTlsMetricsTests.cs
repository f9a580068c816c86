using System.Diagnostics.Metrics;
using Hype.Clustering.Tls;
using Hype.Testing.Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Clustering.Tests.Tls;

public sealed class ClusterTlsMetricsTests
{
    [Test]
    public void Remaining_validity_of_the_certificate_falls_with_the_clock_and_becomes_negative()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var authority = new TestAuthority("Cluster");
        var time = new FakeTimeProvider(TestAuthority.Year(2030));
        using var certificate = authority.Certify("CN=silo", TestAuthority.ForBoth, until: TestAuthority.Year(2030).AddDays(30));
        double? seconds = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, active) =>
        {
            if (instrument.Meter.Name == ClusterTlsMetrics.MeterName)
                active.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seconds = value);
        listener.Start();

        new ClusterTlsMetrics(services.GetRequiredService<IMeterFactory>(), time).Export(certificate);

        Assert.That(Read(), Is.EqualTo(TimeSpan.FromDays(30).TotalSeconds));
        time.Advance(TimeSpan.FromDays(31));
        Assert.That(Read(), Is.EqualTo(TimeSpan.FromDays(-1).TotalSeconds));

        double? Read()
        {
            listener.RecordObservableInstruments();
            return seconds;
        }
    }
}
