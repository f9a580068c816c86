namespace Hype.MediaNode.Rtp;

/// <summary>
/// Arithmetic modulo 2¹⁶ (RFC 1982). Two numbers 2¹⁵ apart have no order: each is then older than the other.
/// </summary>
internal static class SequenceNumber
{
    /// <summary>Steps from <paramref name="from"/> to <paramref name="to"/>, −32,768…32,767; positive: <paramref name="to"/> is newer.</summary>
    public static int Distance(ushort from, ushort to) => (short)(to - from);

    public static bool IsNewer(ushort candidate, ushort reference) => Distance(reference, candidate) > 0;
}
