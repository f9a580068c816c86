using System.Globalization;

namespace Hype.Testing.Processes;

/// <summary>Reads Linux' figures about the memory of a process.</summary>
public static class ProcessMemory
{
    /// <summary>
    /// Returns the resident set size of <paramref name="pid"/> in MiB: the pages that are in memory now, shared libraries included.
    /// </summary>
    public static double ResidentMebibytes(int pid)
    {
        const string field = "VmRSS:";
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        var kibibytes = line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;
    }
}
