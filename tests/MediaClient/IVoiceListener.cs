using Hype.MediaNode.Rtp;

namespace Hype.MediaClient;

/// <summary>Receives a peer's packets. Called on the receiving thread; all arguments are invalid after the call.</summary>
internal interface IVoiceListener
{
    /// <summary>Receives an authentic packet.</summary>
    /// <param name="packet">Decrypted: header and payload, without the tag.</param>
    /// <param name="arrivedAt">The arrival time of the datagram, on the caller's clock.</param>
    void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt);

    /// <summary>Receives an authentic RTCP compound, decrypted.</summary>
    void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt);

    /// <summary>Reports that the other side has moved: its new address has answered, and outgoing packets go there from now on.</summary>
    void OnMoved(VoicePeer peer, MoveWay way, long now)
    {
        // Most listeners receive from one node that stays.
    }

    /// <summary>Reports the first packet from the new address, before its <see cref="OnFrame"/>.</summary>
    void OnHeardAfterMove(VoicePeer peer, long arrivedAt)
    {
        // Most listeners receive from one node that stays.
    }
}
