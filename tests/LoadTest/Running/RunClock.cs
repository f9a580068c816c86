using Hype.LoadTest.Processes;

namespace Hype.LoadTest.Running;

/// <summary>
/// The times, in µs, at which the parts of a run (joins, steady part) began and ended, and the server's CPU time at each of these times.
/// </summary>
internal sealed class RunClock
{
    private readonly long _start;
    private readonly ProcessMeter _meter;
    private readonly double _cpuAtStart;
    private long _steadyFrom;
    private long _steadyUntil;
    private double _cpuAtSteady;
    private double _cpuAtEnd;

    /// <param name="start">The start of second 0 of the run in µs; the clock is created at this time.</param>
    public RunClock(long start, ProcessMeter meter)
    {
        (_start, _meter) = (start, meter);
        // The meter is older than the run: the use during the preparation of the channels does not belong to the joins.
        meter.Look();
        _cpuAtStart = meter.CpuSeconds;
    }

    /// <summary>The number of successful joins when the steady part began.</summary>
    public int JoinedAtSteady { get; private set; }

    /// <summary>A note about the course of the run, for the report; null: none.</summary>
    public string? Remark { get; set; }

    public int MostSessions { get; private set; }

    public double JoiningSeconds => ToSeconds(_steadyFrom - _start);

    public double SteadySeconds => ToSeconds(_steadyUntil - _steadyFrom);

    public double SteadyFromSecond => ToSeconds(_steadyFrom - _start);

    public double SteadyUntilSecond => ToSeconds(_steadyUntil - _start);

    /// <summary>The number of seconds of the whole run; a partial last second counts as one.</summary>
    public int Seconds => (int)Math.Ceiling(SteadyUntilSecond);

    public double JoiningCpuSeconds => _cpuAtSteady - _cpuAtStart;

    public double SteadyCpuSeconds => _cpuAtEnd - _cpuAtSteady;

    public double TotalCpuSeconds => _cpuAtEnd - _cpuAtStart;

    /// <summary>Marks the start of the steady part, after the last join.</summary>
    public void StartSteadyPart(int joined, long now)
    {
        _meter.Look();
        (_steadyFrom, _cpuAtSteady, JoinedAtSteady) = (now, _meter.CpuSeconds, joined);
        See(joined);
    }

    /// <summary>Marks the end of the steady part, before the participants fall silent.</summary>
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
