using Hype.Grains.Abstractions.Naming;

namespace Hype.Contracts.Tests.Signaling;

/// <summary>Lists the wire names of an enum.</summary>
internal static class WireNames
{
    /// <returns>The wire name of each value, in the order of the values.</returns>
    public static IEnumerable<string> Of<T>() where T : struct, Enum => Enum.GetValues<T>().Select(WireEnum<T>.NameOf);
}
