using System.Diagnostics.CodeAnalysis;

namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>The name of a channel, and the key of its grain: 1–64 of <c>A–Z a–z 0–9 . _ -</c>.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelId")]
public readonly record struct ChannelId
{
    public const int MaxLength = 64;

    private ChannelId(string value) => Value = value;

    [Id(0)]
    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out ChannelId id)
    {
        var valid = text is { Length: > 0 and <= MaxLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
        id = valid ? new ChannelId(text!) : default;
        return valid;
    }

    public static ChannelId Parse(string text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException($"'{text}' is not a channel id: use 1-{MaxLength} letters, digits, '.', '_' or '-'.");

    public override string ToString() => Value;
}
