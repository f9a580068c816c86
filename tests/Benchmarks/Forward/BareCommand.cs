using System.Globalization;
using System.Net.Sockets;

namespace Hype.Benchmarks.Forward;

/// <summary>The cost of a bare <c>sendmmsg</c> alone, for those who compare something with it.</summary>
internal static class BareCommand
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <summary>Prints µs of CPU per datagram, a bare number.</summary>
    /// <param name="addresses">How many one batch goes to.</param>
    /// <param name="bytes">Of a datagram.</param>
    public static int Run(string addresses, string bytes)
    {
        using var bare = new BareSends(int.Parse(addresses, CultureInfo.InvariantCulture), int.Parse(bytes, CultureInfo.InvariantCulture), AddressFamily.InterNetwork);
        bare.Measure(WarmUp);
        Console.WriteLine(bare.Measure(Window).ToString("0.000", CultureInfo.InvariantCulture));
        return 0;
    }
}
