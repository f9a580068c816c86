namespace Hype.MediaNode.Rooms;

/// <summary>The quality of the path between a member and the node. Loss and jitter are the worse of both directions.</summary>
/// <param name="LossPercent">Packets lost in the last interval, 0–100.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 §6.4.1), milliseconds.</param>
/// <param name="RoundTripMs">Milliseconds; 0: not known yet.</param>
internal readonly record struct PathQuality(double LossPercent, double JitterMs, double RoundTripMs)
{
    /// <summary>True if the difference is large enough to report; a smaller one does not change the quality level of a member.</summary>
    public bool DiffersFrom(PathQuality other) =>
        Math.Abs(LossPercent - other.LossPercent) >= 0.5
        || Math.Abs(JitterMs - other.JitterMs) >= 5 || Math.Abs(RoundTripMs - other.RoundTripMs) >= 20;
}
