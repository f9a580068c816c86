using System.Diagnostics.Metrics;

namespace Hype.MediaNode.Tests.Testing;

/// <summary>Meters of one test, so that what another counts meanwhile is not in them.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
