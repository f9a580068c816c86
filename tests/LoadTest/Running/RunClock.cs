using Hype.LoadTest.Processes;
using Hype.MediaClient;

namespace Hype.LoadTest.Running;

/// <summary>When the parts of a run began, and what the server had used by then.</summary>
/// <param name="start">µs: second 0 of the run.</param>
internal sealed class RunClock(long start, ProcessMeter meter)
{
    private readonly double _cpuAtStart = meter.CpuSeconds;
    private long _steadyFrom;
    private long _steadyUntil;
    private double _cpuAtSteady;
    private double _cpuAtEnd;

    /// <summary>Joins that had gone well when the last one was over.</summary>
    public int JoinedAtSteady { get; private set; }

    /// <summary>What the run itself has to say for the report; null: nothing.</summary>
    public string? Remark { get; set; }

    public int MostSessions { get; private set; }

    public double JoiningSeconds => Seconds(_steadyFrom - start);

    public double SteadySeconds => Seconds(_steadyUntil - _steadyFrom);

    public double SteadyFromSecond => Seconds(_steadyFrom - start);

    public double SteadyUntilSecond => Seconds(_steadyUntil - start);

    public double JoiningCpuSeconds => _cpuAtSteady - _cpuAtStart;

    public double SteadyCpuSeconds => _cpuAtEnd - _cpuAtSteady;

    public double TotalCpuSeconds => _cpuAtEnd - _cpuAtStart;

    /// <summary>All have joined: the steady part begins.</summary>
    public void Steady(int joined)
    {
        meter.Look();
        (_steadyFrom, _cpuAtSteady, JoinedAtSteady) = (PeerDriver.Now, meter.CpuSeconds, joined);
        See(joined);
    }

    /// <summary>The last frame was said.</summary>
    public void End()
    {
        meter.Look();
        (_steadyUntil, _cpuAtEnd) = (PeerDriver.Now, meter.CpuSeconds);
        if (_steadyFrom == 0) // stopped while people still joined
            (_steadyFrom, _cpuAtSteady) = (_steadyUntil, _cpuAtEnd);
    }

    public void See(int sessions) => MostSessions = Math.Max(MostSessions, sessions);

    private static double Seconds(long microseconds) => microseconds / 1e6;
}
