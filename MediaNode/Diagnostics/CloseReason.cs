namespace Hype.MediaNode.Diagnostics;

/// <summary>The reason why an endpoint ended. Each reason has a counter.</summary>
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
