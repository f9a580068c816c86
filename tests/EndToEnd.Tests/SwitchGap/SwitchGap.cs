namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>The faults that a listener heard in one period, all but <paramref name="Click"/> in milliseconds.</summary>
/// <param name="SilenceMs">No sound.</param>
/// <param name="SkippedMs">Content that was not played.</param>
/// <param name="RepeatedMs">Content that was played twice in a row.</param>
/// <param name="DoubledMs">Two audible paths at once that differ, or that amplify or cancel each other by more than a quarter.</param>
/// <param name="Click">
/// The sharpest corner of the waveform (largest fourth difference) in units of its amplitude: 0.04 for the sweep itself, up to three
/// times the jump for a cut.
/// </param>
internal sealed record SwitchGap(double SilenceMs, double SkippedMs, double RepeatedMs, double DoubledMs, double Click);
