using Hype.MediaNode.Rtp;

namespace Hype.MediaClient;

/// <summary>What a peer hears. Called on the thread that brings the datagrams; nothing that is passed in outlives the call.</summary>
internal interface IVoiceListener
{
    /// <summary>A packet that was authentic.</summary>
    /// <param name="packet">Decrypted: header and payload, without the tag.</param>
    /// <param name="arrivedAt">When the datagram came, on the clock of whoever brought it.</param>
    void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt);

    /// <summary>An authentic RTCP compound, decrypted.</summary>
    void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt);
}
