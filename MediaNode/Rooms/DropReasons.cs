using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Rooms;

internal static class DropReasons
{
    public static DropReason Of(SrtpResult result) => result switch
    {
        SrtpResult.Replayed or SrtpResult.TooOld => DropReason.SrtpReplayed,
        SrtpResult.TooManySsrcs => DropReason.SrtpTooManySsrcs,
        SrtpResult.AuthenticationFailed => DropReason.SrtpUnauthenticated,
        _ => DropReason.RtpMalformed,
    };
}
