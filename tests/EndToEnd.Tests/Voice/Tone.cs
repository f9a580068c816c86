namespace Hype.EndToEnd.Tests.Voice;

/// <summary>
/// The frequencies of the sines that participants send. They are far enough apart for the detector, and below 4 kHz no harmonic of one
/// disturbs another.
/// </summary>
internal static class Tone
{
    /// <summary>Returns the frequency of the speaker with the given index, from 0, in Hz.</summary>
    public static int Of(int index) => 430 + 170 * index;
}
