using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Diagnostics;

internal static class DropReasons
{
    public static DropReason Of(SrtpResult result) => result switch
    {
        SrtpResult.Replayed or SrtpResult.TooOld => DropReason.SrtpReplayed,
        SrtpResult.TooManySsrcs => DropReason.SrtpTooManySsrcs,
        SrtpResult.AuthenticationFailed => DropReason.SrtpUnauthenticated,
        _ => DropReason.RtpMalformed,
    };

    /// <param name="refusal">The result of <see cref="SrtpSender.Protect"/> instead of a length.</param>
    public static DropReason OfRefusal(int refusal) => refusal == SrtpSender.AtLimit ? DropReason.BeyondTicket : DropReason.IndexReused;
}
