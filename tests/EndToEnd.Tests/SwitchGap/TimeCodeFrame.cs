namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>What 20 ms of a recording say.</summary>
internal readonly record struct TimeCodeFrame
{
    /// <summary>First sample.</summary>
    public int Start { get; init; }

    /// <summary>One after the last sample.</summary>
    public int End { get; init; }

    /// <summary>Loudness, weighted towards the middle.</summary>
    public double Rms { get; init; }

    /// <summary>The sweep starts over here: two frequencies and a corner that mean nothing.</summary>
    public bool AtEdge { get; init; }

    /// <summary>How late the content is, s, modulo <see cref="TimeCode.Period"/>; null: no sweep can be read.</summary>
    public double? Delay { get; init; }

    /// <summary>The same sweep sounds a second time, at another delay.</summary>
    public bool SecondPath { get; init; }
}
