using System.Text;

namespace Hype.MediaNode.Stun;

/// <summary>The ufrag and password of one side of an ICE session (RFC 8445 §5.3). An ICE restart replaces them (§9).</summary>
internal sealed record IceCredential(byte[] Ufrag, byte[] Pwd)
{
    public bool Has(ReadOnlySpan<byte> ufrag) => ufrag.SequenceEqual(Ufrag);

    public bool IsSameAs(IceCredential other) => Has(other.Ufrag) && other.Pwd.AsSpan().SequenceEqual(Pwd);

    /// <summary>Returns the ufrag only, so that no log contains the password.</summary>
    public override string ToString() => $"IceCredential {{ {Encoding.ASCII.GetString(Ufrag)} }}";
}
