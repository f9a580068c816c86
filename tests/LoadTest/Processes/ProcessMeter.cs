using System.Globalization;
using Hype.MediaClient;

namespace Hype.LoadTest.Processes;

/// <summary>The CPU time and memory of a process, as Linux accounts for them.</summary>
/// <param name="CpuSeconds">The user and system time of all threads of the process.</param>
/// <param name="ResidentMebibytes">The memory that is resident now.</param>
internal readonly record struct ProcessUse(double CpuSeconds, double ResidentMebibytes)
{
    // Not a constant of the kernel, but 100 on every Linux that .NET runs on (sysconf(_SC_CLK_TCK)).
    private const double TicksPerSecond = 100;

    // proc(5): /proc/PID/stat, counted from 1; the second field is the name in brackets and may contain any character.
    private const int UserTimeField = 14;
    private const int SystemTimeField = 15;
    private const int ResidentField = 24;
    private const int FirstFieldAfterName = 3;

    /// <summary>Reads the resource use of a process; null: the process does not exist (any more).</summary>
    public static ProcessUse? Of(int processId)
    {
        try
        {
            // stat counts in hundredths of a second, which is too coarse for an efficient process.
            var use = Parse(File.ReadAllText($"/proc/{processId}/stat"));
            return use with
            {
                CpuSeconds = CpuClock.OfProcess(processId)
                .TryRead(out var microseconds) ? microseconds / 1e6 : use.CpuSeconds
            };
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal static ProcessUse Parse(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double Field(int number) => double.Parse(fields[number - FirstFieldAfterName], CultureInfo.InvariantCulture);
        return new ProcessUse(
            (Field(UserTimeField) + Field(SystemTimeField)) / TicksPerSecond,
            Field(ResidentField) * Environment.SystemPageSize / (1024.0 * 1024));
    }
}

/// <summary>Measures the CPU time and memory of the server's processes on this machine, from the creation of the meter on.</summary>
internal sealed class ProcessMeter(IReadOnlyList<int> processIds)
{
    private readonly Dictionary<int, double> _cpuBefore = processIds.ToDictionary(id => id, id => ProcessUse.Of(id)?.CpuSeconds ?? 0);

    /// <summary>The ids of the processes; empty: the server runs elsewhere.</summary>
    public IReadOnlyList<int> ProcessIds => processIds;

    /// <summary>The CPU seconds of all processes together, up to the last measurement.</summary>
    public double CpuSeconds { get; private set; }

    public double ResidentMebibytes { get; private set; }

    /// <summary>The highest resident memory of all processes together that a measurement has found, in MiB.</summary>
    public double PeakMebibytes { get; private set; }

    /// <summary>Takes a measurement. The CPU time of a process between its last measurement and its exit is not counted.</summary>
    public void Look()
    {
        lock (_cpuBefore)
        {
            ResidentMebibytes = 0;
            foreach (var id in processIds)
            {
                if (ProcessUse.Of(id) is not { } use)
                    continue;
                CpuSeconds += use.CpuSeconds - _cpuBefore[id];
                _cpuBefore[id] = use.CpuSeconds;
                ResidentMebibytes += use.ResidentMebibytes;
            }

            PeakMebibytes = Math.Max(PeakMebibytes, ResidentMebibytes);
        }
    }
}
