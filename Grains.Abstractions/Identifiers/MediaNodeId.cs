namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>The name of a media node, chosen by the node or its operator; it stays the same after a restart of the node.</summary>
[GenerateSerializer, Immutable, Alias("hype.MediaNodeId")]
public readonly record struct MediaNodeId([property: Id(0)] string Value)
{
    private const int MaxLength = 64;

    /// <summary>Returns true if an operator may give this name to a node or a region: 1–64 of <c>A–Z a–z 0–9 . _ -</c>.</summary>
    public static bool IsName(string text) =>
        text.Length is >= 1 and <= MaxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    public override string ToString() => Value;
}
