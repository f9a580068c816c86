namespace Hype.MediaNode.Speakers;

/// <summary>
/// When a packet counts as speech. The V flag (RFC 6464 §3) is a hint and no more: some clients never set it, others always do,
/// so it only moves the level that is asked for.
/// </summary>
internal static class Speech
{
    /// <summary>Without the flag: −50 dBov, well above a quiet room through a headset (about −70).</summary>
    private const byte LevelWithoutVoiceFlag = 50;

    /// <summary>With it: −60 dBov, a soft voice far from the microphone.</summary>
    private const byte LevelWithVoiceFlag = 60;

    public static bool Is(byte minusDbov, bool voice) => minusDbov <= (voice ? LevelWithVoiceFlag : LevelWithoutVoiceFlag);

    public static double Loudness(byte minusDbov) => AudioLevel.Silence - minusDbov;
}
