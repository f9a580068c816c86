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

    /// <summary>The other side has moved: its new address has answered, and what is sent goes there from now on.</summary>
    void OnMoved(VoicePeer peer, MoveWay way, long now)
    {
        // Most listeners hear one node that stays.
    }

    /// <summary>The first packet from there; before its <see cref="OnFrame"/>.</summary>
    void OnHeardAfterMove(VoicePeer peer, long arrivedAt)
    {
        // As above.
    }
}
