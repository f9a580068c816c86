namespace Hype.MediaNode.Speakers;

/// <summary>
/// The variation of the levels of one member's speech packets, which separates a voice from a constant level. A voice varies by several dB
/// from packet to packet, also in a constant noise. Noise alone, a tone, and a client that always declares the same level do not vary.
/// Levels above <see cref="Loudest"/> count as equal, because every voice has softer sounds. The level is the sender's own statement: a
/// client that declares the levels of a voice counts as a voice.
/// </summary>
internal struct LevelVariation()
{
    /// <summary>
    /// The time without variation after which a member is steady, µs: longer than any sound that a voice holds.
    /// </summary>
    public const long SteadyAfter = 10_000_000;

    /// <summary>
    /// The mean difference from the mean level below which a level does not vary, dB. Noise varies by about 1 dB in packets of 20 ms, a
    /// voice by 5 dB and more.
    /// </summary>
    private const double LeastVariation = 2;

    /// <summary>The loudness above which levels count as equal, dB: −20 dBov, the loud syllables at a headset.</summary>
    private const double Loudest = AudioLevel.Silence - 20;

    // The weight of one packet in the mean: with packets of 20 ms, it covers a second of speech.
    private const double Weight = 0.02;

    private double _mean = double.NaN;
    private double _variation = 2 * LeastVariation;
    private long _steadySince = long.MaxValue;

    /// <summary>Adds the level of a speech packet.</summary>
    public void Add(double loudness, long now)
    {
        loudness = Math.Min(loudness, Loudest);
        if (double.IsNaN(_mean))
            _mean = loudness;
        _variation += (Math.Abs(loudness - _mean) - _variation) * Weight;
        _mean += (loudness - _mean) * Weight;
        if (_variation >= LeastVariation)
            _steadySince = long.MaxValue;
        else if (_steadySince == long.MaxValue)
            _steadySince = now;
    }

    /// <summary>Returns true if the level has not varied for <see cref="SteadyAfter"/>.</summary>
    public readonly bool IsSteady(long now) => _steadySince != long.MaxValue && now - _steadySince >= SteadyAfter;
}
