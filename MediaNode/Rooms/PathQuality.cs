namespace Hype.MediaNode.Rooms;

/// <summary>The path between a participant and the node; of both directions the worse.</summary>
/// <param name="LossPercent">Packets lost in the last interval, 0–100.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 §6.4.1), milliseconds.</param>
/// <param name="RoundTripMs">Milliseconds; 0 when not known yet.</param>
internal readonly record struct PathQuality(double LossPercent, double JitterMs, double RoundTripMs)
{
    /// <summary>Enough to be worth telling: smaller changes do not move anyone's quality by a level.</summary>
    public bool DiffersFrom(PathQuality other) =>
        Math.Abs(LossPercent - other.LossPercent) >= 0.5 || Math.Abs(JitterMs - other.JitterMs) >= 5 || Math.Abs(RoundTripMs - other.RoundTripMs) >= 20;
}
