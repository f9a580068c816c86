using System.Diagnostics.CodeAnalysis;

namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>
/// The name of a channel, and the key of its grain: 1–64 visible characters (<see cref="PrintableText"/>) without <c>*</c>, which ends a
/// prefix of ids in tokens.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelId")]
public readonly record struct ChannelId
{
    public const int MaxLength = 64;

    private ChannelId(string value) => Value = value;

    [Id(0)]
    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out ChannelId id)
    {
        var valid = FlawOf(text) is null;
        id = valid ? new ChannelId(text!) : default;
        return valid;
    }

    /// <summary>Finds the flaw of a text that is not a channel id, in a sentence; null when it is one.</summary>
    public static string? FlawOf(string? text) =>
        PrintableText.FlawOfIdentifier(text ?? "", MaxLength) is { } flaw ? $"The channel id {flaw}"
        : text!.Contains('*', StringComparison.Ordinal) ? "The channel id must not contain '*', which ends a prefix of ids in tokens."
        : null;

    public static ChannelId Parse(string text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException(FlawOf(text));

    public override string ToString() => Value;
}
