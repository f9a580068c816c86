namespace Hype.MediaNode.Speakers;

/// <summary>
/// Decides by the audio level of a packet whether the packet counts as speech. The V flag (RFC 6464 §3) only changes the required level,
/// because some clients never set it and others always do.
/// </summary>
internal static class Speech
{
    /// <summary>
    /// The lowest level of speech in a packet without the V flag: −50 dBov, well above a quiet room through a headset (about −70).
    /// </summary>
    private const byte LevelWithoutVoiceFlag = 50;

    /// <summary>The lowest level of speech in a packet with the V flag: −60 dBov, a soft voice far from the microphone.</summary>
    private const byte LevelWithVoiceFlag = 60;

    public static bool Is(byte minusDbov, bool voice) => minusDbov <= (voice ? LevelWithVoiceFlag : LevelWithoutVoiceFlag);

    public static double Loudness(byte minusDbov) => AudioLevel.Silence - minusDbov;
}
