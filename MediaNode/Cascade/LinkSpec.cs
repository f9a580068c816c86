using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Cascade;

/// <summary>One end of a link as the control plane describes it (<c>AddLink</c> of media_node.proto).</summary>
/// <param name="Name">The name of the link, equal at both ends and never reused in the room.</param>
/// <param name="Remote">The address of the other room's worker.</param>
/// <param name="SendKey">
/// The key for sent packets (AEAD_AES_128_GCM): <see cref="MasterKeyLength"/> bytes of master key, then the master salt.
/// </param>
/// <param name="SendSsrcs">The SSRC of each slot of this room; the other end receives these streams.</param>
internal sealed record LinkSpec(
    string Name, TransportAddress Remote, byte[] SendKey, byte[] ReceiveKey, Ssrc[] SendSsrcs, Ssrc[] ReceiveSsrcs)
{
    /// <summary>The length of an SRTP master key, bytes.</summary>
    public const int MasterKeyLength = 16;

    /// <summary>The length of an SRTP master key and master salt together, bytes.</summary>
    public const int KeyLength = MasterKeyLength + 12;

    /// <summary>Returns the link's name only, so that no log contains the keys.</summary>
    public override string ToString() => $"LinkSpec {{ {Name} }}";
}
