using System.Runtime.InteropServices;

namespace Hype.MediaClient;

/// <summary>
/// A clock of used CPU time, user and system, as the scheduler counts it (<c>clock_gettime(2)</c>): in nanoseconds, not in ticks.
/// </summary>
internal sealed partial class CpuClock
{
    // linux/posix-timers.h: the id is ~pid << 3; value 2 of the low bits: as scheduled; bit 2: of one thread.
    private const int Scheduled = 2;
    private const int PerThread = 4;

    private readonly int _clock;

    private CpuClock(int clock) => _clock = clock;

    /// <summary>The CPU time used so far, µs.</summary>
    /// <exception cref="InvalidOperationException">The thread or process has exited.</exception>
    public double Microseconds =>
        TryRead(out var microseconds) ? microseconds : throw new InvalidOperationException("The measured thread or process has exited.");

    /// <summary>Returns the CPU clock of the calling thread; other threads of the process may read it.</summary>
    public static CpuClock OfThisThread() => new((~GetTid() << 3) | PerThread | Scheduled);

    /// <summary>Returns the CPU clock of all threads of a process, including those that have exited.</summary>
    public static CpuClock OfProcess(int id) => new((~id << 3) | Scheduled);

    /// <summary>Reads the used CPU time. Returns false if the thread or process has ended.</summary>
    public bool TryRead(out double microseconds)
    {
        var alive = ClockGetTime(_clock, out var time) == 0;
        microseconds = (time.Seconds * 1e6) + (time.Nanoseconds / 1e3);
        return alive;
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetTid();

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
