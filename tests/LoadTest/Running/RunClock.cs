using Hype.LoadTest.Processes;

namespace Hype.LoadTest.Running;

/// <summary>When the parts of a run began, and what the server had used by then. Times are in µs, as the media's are.</summary>
internal sealed class RunClock
{
    private readonly long _start;
    private readonly ProcessMeter _meter;
    private readonly double _cpuAtStart;
    private long _steadyFrom;
    private long _steadyUntil;
    private double _cpuAtSteady;
    private double _cpuAtEnd;

    /// <param name="start">Second 0 of the run, now.</param>
    public RunClock(long start, ProcessMeter meter)
    {
        (_start, _meter) = (start, meter);
        // The meter is older than the run: what the server used while the channels were prepared is not the joins'.
        meter.Look();
        _cpuAtStart = meter.CpuSeconds;
    }

    /// <summary>Joins that had gone well when the last one was over.</summary>
    public int JoinedAtSteady { get; private set; }

    /// <summary>What the run itself has to say for the report; null: nothing.</summary>
    public string? Remark { get; set; }

    public int MostSessions { get; private set; }

    public double JoiningSeconds => ToSeconds(_steadyFrom - _start);

    public double SteadySeconds => ToSeconds(_steadyUntil - _steadyFrom);

    public double SteadyFromSecond => ToSeconds(_steadyFrom - _start);

    public double SteadyUntilSecond => ToSeconds(_steadyUntil - _start);

    /// <summary>Of the whole run, the last one begun or whole.</summary>
    public int Seconds => (int)Math.Ceiling(SteadyUntilSecond);

    public double JoiningCpuSeconds => _cpuAtSteady - _cpuAtStart;

    public double SteadyCpuSeconds => _cpuAtEnd - _cpuAtSteady;

    public double TotalCpuSeconds => _cpuAtEnd - _cpuAtStart;

    /// <summary>All have joined: the steady part begins.</summary>
    public void Steady(int joined, long now)
    {
        _meter.Look();
        (_steadyFrom, _cpuAtSteady, JoinedAtSteady) = (now, _meter.CpuSeconds, joined);
        See(joined);
    }

    /// <summary>The last frame was said.</summary>
    public void End(long now)
    {
        _meter.Look();
        (_steadyUntil, _cpuAtEnd) = (now, _meter.CpuSeconds);
        if (_steadyFrom == 0) // stopped while people still joined
            (_steadyFrom, _cpuAtSteady) = (_steadyUntil, _cpuAtEnd);
    }

    public void See(int sessions) => MostSessions = Math.Max(MostSessions, sessions);

    private static double ToSeconds(long microseconds) => microseconds / 1e6;
}
