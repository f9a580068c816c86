namespace Hype.MediaNode.Speakers;

/// <summary>
/// The threshold above which a packet counts as speech. The V flag (RFC 6464 §3) is only a hint: some clients never set it, others
/// always do. So it only shifts the required level.
/// </summary>
internal static class Speech
{
    /// <summary>The threshold without the flag: −50 dBov, well above a quiet room through a headset (about −70).</summary>
    private const byte LevelWithoutVoiceFlag = 50;

    /// <summary>The threshold with the flag: −60 dBov, a soft voice far from the microphone.</summary>
    private const byte LevelWithVoiceFlag = 60;

    public static bool Is(byte minusDbov, bool voice) => minusDbov <= (voice ? LevelWithVoiceFlag : LevelWithoutVoiceFlag);

    public static double Loudness(byte minusDbov) => AudioLevel.Silence - minusDbov;
}
