using Hype.LoadTest.Processes;

namespace Hype.LoadTest.Running;

/// <summary>The start times of a run's parts, and the server's resource use up to then. Times are µs, as for media.</summary>
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
        // The meter is older than the run: the use during the preparation of the channels does not belong to the joins.
        meter.Look();
        _cpuAtStart = meter.CpuSeconds;
    }

    /// <summary>Successful joins at the end of the last join.</summary>
    public int JoinedAtSteady { get; private set; }

    /// <summary>The run's own note for the report; null: none.</summary>
    public string? Remark { get; set; }

    public int MostSessions { get; private set; }

    public double JoiningSeconds => ToSeconds(_steadyFrom - _start);

    public double SteadySeconds => ToSeconds(_steadyUntil - _steadyFrom);

    public double SteadyFromSecond => ToSeconds(_steadyFrom - _start);

    public double SteadyUntilSecond => ToSeconds(_steadyUntil - _start);

    /// <summary>The seconds of the whole run, including a partial last one.</summary>
    public int Seconds => (int)Math.Ceiling(SteadyUntilSecond);

    public double JoiningCpuSeconds => _cpuAtSteady - _cpuAtStart;

    public double SteadyCpuSeconds => _cpuAtEnd - _cpuAtSteady;

    public double TotalCpuSeconds => _cpuAtEnd - _cpuAtStart;

    /// <summary>Starts the steady part: all have joined.</summary>
    public void StartSteadyPart(int joined, long now)
    {
        _meter.Look();
        (_steadyFrom, _cpuAtSteady, JoinedAtSteady) = (now, _meter.CpuSeconds, joined);
        See(joined);
    }

    /// <summary>Ends the steady part: the last frame was sent.</summary>
    public void End(long now)
    {
        _meter.Look();
        (_steadyUntil, _cpuAtEnd) = (now, _meter.CpuSeconds);
        if (_steadyFrom == 0) // stopped during the joins
            (_steadyFrom, _cpuAtSteady) = (_steadyUntil, _cpuAtEnd);
    }

    public void See(int sessions) => MostSessions = Math.Max(MostSessions, sessions);

    private static double ToSeconds(long microseconds) => microseconds / 1e6;
}
