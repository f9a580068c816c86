using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Hype.Gateway.Tests.Testing;

/// <summary>Records everything that the process reports while it exists: log lines, the tags of spans, the labels of metrics.</summary>
internal sealed class TelemetryRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ActivityListener _spans;
    private readonly MeterListener _metrics = new();

    public TelemetryRecorder()
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Record,
        };
        ActivitySource.AddActivityListener(_spans);
        _metrics.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _metrics.SetMeasurementEventCallback<long>(Record);
        _metrics.SetMeasurementEventCallback<int>(Record);
        _metrics.SetMeasurementEventCallback<double>(Record);
        _metrics.Start();
    }

    /// <summary>Everything that was recorded so far, one report per line.</summary>
    public string[] Lines
    {
        get
        {
            _metrics.RecordObservableInstruments();
            return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }

    private void Record(Activity span) => _lines.Enqueue(
        $"span {span.DisplayName} {span.StatusDescription} {Text(span.TagObjects)} {string.Join(' ', span.Baggage)} "
        + string.Join(' ', span.Events.Select(spanEvent => $"{spanEvent.Name} {Text(spanEvent.Tags)}")));

    private void Record<T>(Instrument instrument, T measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        _lines.Enqueue($"metric {instrument.Name} {Text(tags.ToArray())}");

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Enqueue($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {Fields(state)} {exception}");

        private static string Fields<TState>(TState state) =>
            state is IReadOnlyList<KeyValuePair<string, object?>> fields ? Text(fields) : "";
    }
}
