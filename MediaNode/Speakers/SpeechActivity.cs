namespace Hype.MediaNode.Speakers;

/// <summary>
/// A member's recent speech activity, 0–127: an exponential average of the loudness in which silence counts as 0. It decreases while no
/// packet arrives (DTX, loss, mute).
/// </summary>
internal struct SpeechActivity
{
    /// <summary>
    /// The maximum duration of audio that one packet may represent in the average, µs, so that the first packet after a pause does not
    /// count for the whole pause.
    /// </summary>
    private const long LongestFrame = 60_000;

    /// <summary>The duration of audio that the very first packet represents in the average, µs: one Opus frame.</summary>
    private const long FirstFrame = 20_000;

    private double _value;
    private long _updatedAt;
    private bool _started;

    /// <param name="loudness">0 (no speech) to 127.</param>
    /// <param name="timeConstant">µs after which a step has gone 63 % of its way.</param>
    public void Add(double loudness, long now, double timeConstant)
    {
        var elapsed = _started ? Math.Max(0, now - _updatedAt) : FirstFrame;
        var covered = Math.Min(elapsed, LongestFrame);
        _value = (_value * Math.Exp(-elapsed / timeConstant)) + (loudness * (1 - Math.Exp(-covered / timeConstant)));
        _updatedAt = now;
        _started = true;
    }

    public readonly double At(long now, double timeConstant) => _value * Math.Exp(-Math.Max(0, now - _updatedAt) / timeConstant);
}
