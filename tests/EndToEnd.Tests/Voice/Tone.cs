namespace Hype.EndToEnd.Tests.Voice;

/// <summary>
/// The sines that participants send: far enough apart for the detector, and none a harmonic of another below 4 kHz that matters.
/// </summary>
internal static class Tone
{
    /// <summary>Tone of the <paramref name="index"/>-th speaker (from 0), Hz.</summary>
    public static int Of(int index) => 430 + 170 * index;
}
