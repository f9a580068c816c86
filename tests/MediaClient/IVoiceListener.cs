using Hype.MediaNode.Rtp;

namespace Hype.MediaClient;

/// <summary>
/// A receiver of a peer's packets. Its methods are called on the receiving thread, and all arguments are invalid after the call.
/// </summary>
internal interface IVoiceListener
{
    /// <summary>Receives an authentic, decrypted media packet.</summary>
    /// <param name="packet">Decrypted: header and payload, without the tag.</param>
    /// <param name="arrivedAt">The arrival time of the datagram, on the caller's clock.</param>
    void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt);

    /// <summary>Receives an authentic RTCP compound, decrypted.</summary>
    void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt);

    /// <summary>
    /// Reports that the other side has moved: it has answered from its new address, and the peer sends to that address from now on.
    /// </summary>
    void OnMoved(VoicePeer peer, MoveWay way, long now)
    {
        // Most listeners receive from one node that stays.
    }

    /// <summary>Reports the first media packet from the new address after a move, before <see cref="OnFrame"/> for that packet.</summary>
    void OnHeardAfterMove(VoicePeer peer, long arrivedAt)
    {
        // Most listeners receive from one node that stays.
    }
}
