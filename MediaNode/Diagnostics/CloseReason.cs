namespace Hype.MediaNode.Diagnostics;

/// <summary>The reason for the end of an endpoint. Metrics count the ended endpoints by reason.</summary>
internal enum CloseReason
{
    ConsentExpired,
    DtlsFailed,
    FingerprintMismatch,
    PeerClosed,
    NeverConnected,

    /// <summary>The control plane removed the endpoint.</summary>
    Removed,
}
