namespace Hype.MediaNode.Rtcp;

/// <summary>Packet types of RFC 3550 §12.1, RFC 4585 §6.1, RFC 3611 §2. Other types are read as their number.</summary>
internal enum RtcpPacketType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Goodbye = 203,
    ApplicationDefined = 204,

    /// <summary>Transport-layer feedback: NACK, transport-wide congestion control.</summary>
    TransportFeedback = 205,

    /// <summary>Payload-specific feedback: REMB.</summary>
    PayloadFeedback = 206,
    ExtendedReport = 207,
}
