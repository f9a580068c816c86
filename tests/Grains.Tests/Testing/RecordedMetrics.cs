using System.Diagnostics.Metrics;
using Hype.Grains.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Hype.Grains.Tests.Testing;

/// <summary>Records the control plane's metrics of one test. The meters of other tests have the same name, but are not recorded.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<GrainMetrics>().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _values = [];

    public RecordedMetrics()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, Meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
        Metrics = _services.GetRequiredService<GrainMetrics>();
    }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public GrainMetrics Metrics { get; }

    /// <summary>
    /// Returns the sum of each series of an instrument by its labels: <c>result=ok</c> for one label, <c>node=a region=local</c> for
    /// several. A gauge is read once.
    /// </summary>
    public Dictionary<string, double> Read(string instrument)
    {
        _listener.RecordObservableInstruments();
        return _values
            .Where(value => value.Key.StartsWith($"{instrument} ", StringComparison.Ordinal))
            .ToDictionary(value => value.Key[(instrument.Length + 1)..], value => value.Value);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}";
        lock (_values)
            _values[key] = instrument.IsObservable ? value : _values.GetValueOrDefault(key) + value;
    }
}
