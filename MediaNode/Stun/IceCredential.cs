using System.Text;

namespace Hype.MediaNode.Stun;

/// <summary>One side's ufrag and password in an ICE session (RFC 8445 §5.3); a restart brings new ones (§9).</summary>
internal sealed record IceCredential(byte[] Ufrag, byte[] Pwd)
{
    public bool Has(ReadOnlySpan<byte> ufrag) => ufrag.SequenceEqual(Ufrag);

    public bool IsSameAs(IceCredential other) => Has(other.Ufrag) && other.Pwd.AsSpan().SequenceEqual(Pwd);

    /// <summary>Never prints the password.</summary>
    public override string ToString() => $"IceCredential {{ {Encoding.ASCII.GetString(Ufrag)} }}";
}
