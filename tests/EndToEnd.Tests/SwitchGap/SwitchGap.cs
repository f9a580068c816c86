namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>What a listener met in one stretch of time, all but <paramref name="Click"/> in milliseconds.</summary>
/// <param name="SilenceMs">Nothing sounded.</param>
/// <param name="SkippedMs">Content that never sounded.</param>
/// <param name="RepeatedMs">Content that sounded twice in a row.</param>
/// <param name="DoubledMs">
/// Two paths sounded at once and could be told apart, or swelled or cancelled each other by more than a quarter.
/// </param>
/// <param name="Click">
/// The sharpest corner of the waveform (largest fourth difference) in units of its amplitude: 0.04 for the sweep itself, up to three times
/// the jump for a cut.
/// </param>
internal sealed record SwitchGap(double SilenceMs, double SkippedMs, double RepeatedMs, double DoubledMs, double Click);
