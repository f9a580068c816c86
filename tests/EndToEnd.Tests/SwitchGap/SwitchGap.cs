namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>
/// The audible faults in one interval of a listener's output. All values but <paramref name="Click"/> are in milliseconds.
/// </summary>
/// <param name="SilenceMs">The time without sound.</param>
/// <param name="SkippedMs">The part of the speaker's audio that was not played.</param>
/// <param name="RepeatedMs">The part of the speaker's audio that was played twice in a row.</param>
/// <param name="DoubledMs">
/// The time in which two copies of the audio were audible at once with different delays, or amplified or cancelled each other by more
/// than a quarter.
/// </param>
/// <param name="Click">
/// The sharpest corner of the waveform: its largest fourth difference, relative to its amplitude. It is 0.04 for an undisturbed sweep,
/// and up to three times the jump for a cut.
/// </param>
internal sealed record SwitchGap(double SilenceMs, double SkippedMs, double RepeatedMs, double DoubledMs, double Click);
