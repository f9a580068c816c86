using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hype.Grains.Abstractions.Channels;
using Hype.Hosting.Telemetry;

namespace Hype.Grains.Diagnostics;

/// <summary>
/// Measures the duration of calls to the project's grains, by grain and method; Orleans has only one histogram for all calls. The labels
/// are names of types and methods, so their number is limited.
/// </summary>
internal sealed class GrainCallMetrics : IIncomingGrainCallFilter
{
    private static readonly System.Reflection.Assembly[] Ours = [typeof(IChannelGrain).Assembly, typeof(GrainCallMetrics).Assembly];

    private readonly Histogram<double> _calls;
    private readonly Counter<long> _failures;
    private readonly ConcurrentDictionary<(string Interface, string Method), TagList> _labels = new();

    public GrainCallMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GrainMetrics.MeterName);
        _calls = meter.CreateHistogram(
            "hype.grain.call.duration", "s", "Duration of grain calls on this silo, by grain and method.", null, Buckets.Call);
        _failures = meter.CreateCounter<long>(
            "hype.grain.call.failures", "{call}", "Grain calls that ended with an exception, by grain and method.");
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType is not { } called || !Ours.Contains(called.Assembly))
        {
            await context.Invoke();
            return;
        }

        var method = context.InterfaceMethod.Name;
        var began = Stopwatch.GetTimestamp();
        try
        {
            await context.Invoke();
        }
        catch
        {
            Failed(called.Name, method);
            throw;
        }
        finally
        {
            _calls.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, Labels(called.Name, method));
        }
    }

    public void Failed(string called, string method) => _failures.Add(1, Labels(called, method));

    private TagList Labels(string called, string method) => _labels.GetOrAdd((called, method), call => new TagList
    {
        // IMediaNodeGrain → MediaNode
        { "grain", call.Interface[1..^"Grain".Length] },
        { "method", call.Method },
    });
}
