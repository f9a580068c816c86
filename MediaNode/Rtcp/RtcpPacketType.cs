namespace Hype.MediaNode.Rtcp;

/// <summary>The types of RTCP packets (RFC 3550 §12.1, RFC 4585 §6.1, RFC 3611 §2). An unlisted type keeps its numeric value.</summary>
internal enum RtcpPacketType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Goodbye = 203,
    ApplicationDefined = 204,

    /// <summary>Transport-layer feedback (RTPFB): NACK, transport-wide congestion control.</summary>
    TransportFeedback = 205,

    /// <summary>Payload-specific feedback (PSFB): REMB.</summary>
    PayloadFeedback = 206,
    ExtendedReport = 207,
}
