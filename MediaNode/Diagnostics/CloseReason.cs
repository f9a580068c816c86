namespace Hype.MediaNode.Diagnostics;

/// <summary>The reason for the end of an endpoint. Metrics count the ended endpoints by reason.</summary>
internal enum CloseReason
{
    ConsentExpired,
    DtlsFailed,
    FingerprintMismatch,
    PeerClosed,
    NeverConnected,

    /// <summary>The endpoint failed: the node's code threw an exception while it handled the endpoint.</summary>
    Failed,

    /// <summary>The control plane removed the endpoint.</summary>
    Removed,
}
