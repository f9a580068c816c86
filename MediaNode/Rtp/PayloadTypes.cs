namespace Hype.MediaNode.Rtp;

/// <summary>
/// The RTP payload types and extension ids of the SDP offer; the gateway's <c>OfferWriter</c> writes the same numbers. They are the same
/// for all members, so that a payload passes from one member to all others unchanged.
/// </summary>
internal static class PayloadTypes
{
    /// <summary>The payload type of Opus, RFC 7587.</summary>
    public const byte Opus = 111;

    /// <summary>The payload type of redundant audio data (RED), RFC 2198.</summary>
    public const byte Red = 63;

    /// <summary>The header extension id of the client-to-mixer audio level, RFC 6464.</summary>
    public const byte AudioLevelExtension = 1;

    public static bool IsAudio(byte payloadType) => payloadType is Opus or Red;
}
