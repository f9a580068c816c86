using System.Runtime.InteropServices;

namespace Hype.LoadTest.Processes;

/// <summary>The CPU clock of a process, user and system together, as the kernel's scheduler counts it (<c>clock_gettime(2)</c>): nanoseconds.</summary>
internal static class ProcessClock
{
    // linux/posix-timers.h: a clock's id is ~pid << 3, and 2 in the low bits says: as scheduled, not by ticks.
    private const int Scheduled = 2;

    /// <summary>Of all threads, those that ended included. Null: there is no such process (any more).</summary>
    public static double? Seconds(int processId) =>
        ClockGetTime((~processId << 3) | Scheduled, out var time) == 0 ? time.Seconds + (time.Nanoseconds / 1e9) : null;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
