using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Sessions;

/// <summary>
/// Rates a media path by loss, jitter and round-trip time, as listeners would. The worst of the three decides. Opus with in-band FEC hides
/// a few per cent of loss; a jitter buffer turns jitter into delay; above a round trip of 300 ms people start to talk over each other
/// (ITU-T G.114 sets the limit at 150 ms one way).
/// <code>
///              excellent   good      poor      lost
/// loss         ≤ 1 %       ≤ 5 %     ≤ 30 %    above
/// jitter       ≤ 20 ms     ≤ 50 ms   above
/// round trip   ≤ 150 ms    ≤ 300 ms  above
/// </code>
/// </summary>
internal static class QualityLevels
{
    public static ConnectionQuality Of(double lossPercent, double jitterMs, double roundTripMs)
    {
        if (lossPercent > 30)
            return ConnectionQuality.Lost;
        if (lossPercent > 5 || jitterMs > 50 || roundTripMs > 300)
            return ConnectionQuality.Poor;
        return lossPercent > 1 || jitterMs > 20 || roundTripMs > 150 ? ConnectionQuality.Good : ConnectionQuality.Excellent;
    }

    /// <summary>Returns the worse of the measurements at both ends of a media path; each end measures only a part of the path.</summary>
    public static ConnectionQuality Worse(ConnectionQuality one, ConnectionQuality other)
    {
        if (one == ConnectionQuality.Unknown || other == ConnectionQuality.Unknown)
            return one == ConnectionQuality.Unknown ? other : one;
        return one < other ? one : other;
    }
}
