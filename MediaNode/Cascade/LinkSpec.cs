using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Cascade;

/// <summary>One end of a link as the control plane describes it (<c>AddLink</c> of media_node.proto).</summary>
/// <param name="Name">The same at both ends; never used again in the room.</param>
/// <param name="Remote">The address of the other room's worker.</param>
/// <param name="SendKey">Of AEAD_AES_128_GCM: <see cref="MasterKeyLength"/> bytes of master key, then the master salt.</param>
/// <param name="SendSsrcs">One per slot: the other end receives with them.</param>
internal sealed record LinkSpec(
    string Name, TransportAddress Remote, byte[] SendKey, byte[] ReceiveKey, Ssrc[] SendSsrcs, Ssrc[] ReceiveSsrcs)
{
    /// <summary>The length of the master key, bytes.</summary>
    public const int MasterKeyLength = 16;

    /// <summary>The length of master key and master salt together, bytes.</summary>
    public const int KeyLength = MasterKeyLength + 12;

    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"LinkSpec {{ {Name} }}";
}
