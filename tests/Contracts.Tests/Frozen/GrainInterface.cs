using System.Security.Cryptography;
using System.Text;

namespace Hype.Contracts.Tests.Frozen;

/// <summary>The shape of a grain interface: its alias, its version and its methods.</summary>
internal sealed record GrainInterface(string Alias, ushort Version, string[] Methods)
{
    /// <summary>The alias and the version, which have one shape forever.</summary>
    public string Name => $"{Alias} {Version}";

    public string Line => $"{Name} {Digest}";

    private string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Methods))))[..16];
}
