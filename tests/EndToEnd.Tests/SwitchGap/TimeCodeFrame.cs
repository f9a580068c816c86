namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>The measurement of the time code in 20 ms of a recording.</summary>
internal readonly record struct TimeCodeFrame
{
    /// <summary>The index of the frame's first sample in the recording.</summary>
    public int Start { get; init; }

    /// <summary>The index after the frame's last sample.</summary>
    public int End { get; init; }

    /// <summary>The RMS amplitude of the frame, weighted towards its middle.</summary>
    public double Rms { get; init; }

    /// <summary>
    /// True if the sweep restarts within the frame. The frame then has two frequencies and a corner in its waveform, which are no fault.
    /// </summary>
    public bool AtEdge { get; init; }

    /// <summary>
    /// The delay of the time code, in seconds modulo <see cref="TimeCode.Period"/>; null if the frame has no readable sweep.
    /// </summary>
    public double? Delay { get; init; }

    /// <summary>True if the frame contains the sweep a second time, with another delay.</summary>
    public bool SecondPath { get; init; }
}
