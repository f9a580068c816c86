using System.Diagnostics.Metrics;

namespace Hype.Hosting.Telemetry;

/// <summary>The bucket bounds of the histograms: a few for each, near the values that matter to an operator.</summary>
public static class Buckets
{
    /// <summary>Bounds for the time that a user waits, in seconds.</summary>
    public static readonly InstrumentAdvice<double> Waiting = Of(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);

    /// <summary>Bounds for the duration of a call within the cluster, in seconds.</summary>
    public static readonly InstrumentAdvice<double> Call = Of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10);

    /// <summary>Bounds for the round-trip time or jitter of a network path, in seconds.</summary>
    public static readonly InstrumentAdvice<double> Path = Of(0.001, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2);

    /// <summary>Bounds for a share of lost packets, 0–1.</summary>
    public static readonly InstrumentAdvice<double> Loss = Of(0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5);

    public static InstrumentAdvice<double> Of(params double[] bounds) => new() { HistogramBucketBoundaries = bounds };
}
