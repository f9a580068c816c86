using System.Diagnostics.Metrics;

namespace Hype.MediaNode.Tests.Testing;

/// <summary>A factory of meters for one test, so that other tests do not change their counts.</summary>
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
