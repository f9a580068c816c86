namespace Hype.MediaNode.Rooms;

/// <summary>The quality of the path between a member and the node; the worse of both directions.</summary>
/// <param name="LossPercent">Packets lost in the last interval, 0–100.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 §6.4.1), milliseconds.</param>
/// <param name="RoundTripMs">Milliseconds; 0: not known yet.</param>
internal readonly record struct PathQuality(double LossPercent, double JitterMs, double RoundTripMs)
{
    /// <summary>True if the difference is worth a report: smaller changes do not move the quality by a level.</summary>
    public bool DiffersFrom(PathQuality other) =>
        Math.Abs(LossPercent - other.LossPercent) >= 0.5
        || Math.Abs(JitterMs - other.JitterMs) >= 5 || Math.Abs(RoundTripMs - other.RoundTripMs) >= 20;
}
