using System.Security.Cryptography;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Tickets;

/// <summary>
/// The master keys and salts of one transport for both directions, as exported by DTLS (<see cref="DtlsSrtpKeys"/>). The memory is pinned,
/// so that the garbage collector leaves no copies behind. Dispose overwrites the keys.
/// </summary>
internal sealed class TransportKeys : IDisposable
{
    private readonly byte[] _material;

    /// <summary>Creates a buffer for keys; the caller must fill <see cref="Material"/>.</summary>
    public TransportKeys(SrtpProfile profile)
    {
        Profile = profile;
        _material = GC.AllocateArray<byte>(SrtpProfileParameters.Of(profile).KeyingMaterialLength, pinned: true);
    }

    public SrtpProfile Profile { get; }

    public Span<byte> Material => _material;

    public DtlsSrtpKeys Parts => new(Profile, _material);

    public TransportKeys Copy()
    {
        var copy = new TransportKeys(Profile);
        Material.CopyTo(copy.Material);
        return copy;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_material);

    /// <summary>Returns the profile only, so that no log contains the keys.</summary>
    public override string ToString() => $"TransportKeys {{ {Profile} }}";
}
