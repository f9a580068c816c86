namespace Hype.MediaNode.Diagnostics;

/// <summary>Why an endpoint ended. Each reason has a counter.</summary>
internal enum CloseReason
{
    ConsentExpired,
    DtlsFailed,
    FingerprintMismatch,
    PeerClosed,
    NeverConnected,

    /// <summary>The control plane asked for it.</summary>
    Removed,
}
