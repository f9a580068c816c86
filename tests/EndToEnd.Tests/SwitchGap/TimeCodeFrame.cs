namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>The time code in 20 ms of a recording.</summary>
internal readonly record struct TimeCodeFrame
{
    /// <summary>The first sample of the frame.</summary>
    public int Start { get; init; }

    /// <summary>The index after the last sample of the frame.</summary>
    public int End { get; init; }

    /// <summary>Loudness, weighted towards the middle.</summary>
    public double Rms { get; init; }

    /// <summary>True if the sweep restarts in this frame: the two frequencies and the corner have no meaning.</summary>
    public bool AtEdge { get; init; }

    /// <summary>The delay of the content, s, modulo <see cref="TimeCode.Period"/>; null: no readable sweep.</summary>
    public double? Delay { get; init; }

    /// <summary>The frame contains the same sweep a second time, with another delay.</summary>
    public bool SecondPath { get; init; }
}
