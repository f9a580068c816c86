using System.Globalization;
using System.Net.Sockets;

namespace Hype.Benchmarks.Forward;

/// <summary>Implements <c>-- bare</c>: measures the cost of <c>sendmmsg</c> without any other work, for comparisons.</summary>
internal static class BareCommand
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <summary>Measures, and prints the µs of CPU per datagram as a plain number.</summary>
    /// <param name="addresses">The number of destinations of one batch.</param>
    /// <param name="bytes">The size of a datagram.</param>
    public static int Run(string addresses, string bytes)
    {
        using var bare = new BareSends(int.Parse(addresses, CultureInfo.InvariantCulture), int.Parse(bytes, CultureInfo.InvariantCulture),
            AddressFamily.InterNetwork);
        bare.Measure(WarmUp);
        Console.WriteLine(bare.Measure(Window).ToString("0.000", CultureInfo.InvariantCulture));
        return 0;
    }
}
