namespace Hype.MediaNode.Rooms;

/// <summary>
/// The quality of the network path between a member and the node. Loss and jitter are the worse values of the two directions.
/// </summary>
/// <param name="LossPercent">Packets lost in the last interval, 0–100.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 §6.4.1), milliseconds.</param>
/// <param name="RoundTripMs">Milliseconds; 0: not known yet.</param>
internal readonly record struct PathQuality(double LossPercent, double JitterMs, double RoundTripMs)
{
    /// <summary>
    /// Returns true if the difference is large enough to report. A smaller difference does not change the quality level that clients show.
    /// </summary>
    public bool DiffersFrom(PathQuality other) =>
        Math.Abs(LossPercent - other.LossPercent) >= 0.5
        || Math.Abs(JitterMs - other.JitterMs) >= 5 || Math.Abs(RoundTripMs - other.RoundTripMs) >= 20;
}
