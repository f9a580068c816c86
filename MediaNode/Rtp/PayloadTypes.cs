namespace Hype.MediaNode.Rtp;

/// <summary>
/// The RTP numbers of the offer; Gateway's <c>OfferWriter</c> writes the same ones. They are the same for all members, so that a payload
/// passes from one member to all others unchanged.
/// </summary>
internal static class PayloadTypes
{
    /// <summary>Opus, RFC 7587.</summary>
    public const byte Opus = 111;

    /// <summary>Redundant audio data, RFC 2198.</summary>
    public const byte Red = 63;

    /// <summary>Id of the client-to-mixer audio level, RFC 6464.</summary>
    public const byte AudioLevelExtension = 1;

    public static bool IsAudio(byte payloadType) => payloadType is Opus or Red;
}
