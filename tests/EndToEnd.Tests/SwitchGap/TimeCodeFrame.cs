namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>The time code in 20 ms of a recording.</summary>
internal readonly record struct TimeCodeFrame
{
    /// <summary>First sample.</summary>
    public int Start { get; init; }

    /// <summary>One after the last sample.</summary>
    public int End { get; init; }

    /// <summary>Loudness, weighted towards the middle.</summary>
    public double Rms { get; init; }

    /// <summary>The sweep restarts here: the two frequencies and the corner have no meaning.</summary>
    public bool AtEdge { get; init; }

    /// <summary>The delay of the content, s, modulo <see cref="TimeCode.Period"/>; null: no readable sweep.</summary>
    public double? Delay { get; init; }

    /// <summary>The frame contains the same sweep a second time, with another delay.</summary>
    public bool SecondPath { get; init; }
}
