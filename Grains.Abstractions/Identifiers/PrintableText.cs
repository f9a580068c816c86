using System.Globalization;
using System.Text;

namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>
/// Finds characters by which one name could pass for another: characters that are invisible, or that change the direction of the text
/// (UTS 39 §3.1, RFC 8264 §9.13). Confusable letters, such as Latin and Cyrillic <c>a</c>, are the application's to prevent.
/// </summary>
public static class PrintableText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>
    /// Characters without a glyph that are not of the category <c>Cf</c>: default-ignorable ones (UAX 44), and the blank Braille pattern.
    /// </summary>
    private static readonly (int First, int Last)[] Invisible =
    [
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065), (0x2800, 0x2800), (0x3164, 0x3164),
        (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF),
    ];

    /// <summary>The visible characters of the category <c>Cf</c>, such as the Arabic number sign.</summary>
    private static readonly (int First, int Last)[] Visible =
    [
        (0x0600, 0x0605), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2), (0x110BD, 0x110BD), (0x110CD, 0x110CD),
    ];

    /// <summary>
    /// The blocks of the scripts in which a joiner or non-joiner between two letters changes their form (RFC 5892, A.1, A.2).
    /// </summary>
    private static readonly (int First, int Last)[] JoiningScripts =
    [
        (0x0600, 0x08FF), (0x0900, 0x0DFF), (0x1000, 0x109F), (0x1780, 0x18AF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC),
    ];

    private static readonly (int First, int Last)[] Ideographs =
    [
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>
    /// Finds the flaw of an identifier (identity, channel id), which must differ visibly from every other one. It is the end of a
    /// sentence, such as <c>has U+202E at position 4, which …</c>; null when there is no flaw.
    /// </summary>
    public static string? FlawOfIdentifier(string text, int maxLength) =>
        text.Length == 0 || text.Length > maxLength ? $"must have 1-{maxLength} characters."
        : text is "." or ".." ? "must not be '.' or '..', which no URL can contain as a name (RFC 3986 §5.2.4)."
        : text[0] == ' ' || text[^1] == ' ' ? "must not begin or end with a space."
        : FlawOf(text, MayStandInIdentifier);

    /// <summary>
    /// Finds the flaw of a text that is only displayed (a name, an attribute, a reason). Besides the characters of identifiers it may have
    /// joiners between letters of scripts that need them, emoji sequences, and any space.
    /// </summary>
    /// <inheritdoc cref="FlawOfIdentifier"/>
    public static string? FlawOfDisplay(string text, int maxLength) =>
        text.Length > maxLength ? $"must have at most {maxLength} characters." : FlawOf(text, MayStandInDisplay);

    private static string? FlawOf(string text, Func<Rune?, Rune, Rune?, bool> mayStand)
    {
        Rune? before = null;
        var position = 1;
        for (var i = 0; i < text.Length; position++)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
                return $"has half a character (U+{(int)text[i]:X4}) at position {position}.";
            i += rune.Utf16SequenceLength;
            if (!mayStand(before, rune, i < text.Length && Rune.TryGetRuneAt(text, i, out var next) ? next : null))
                return $"has U+{rune.Value:X4} at position {position}, which is invisible or changes the direction of text: remove it.";
            before = rune;
        }

        return null;
    }

    private static bool MayStandInIdentifier(Rune? before, Rune rune, Rune? after) =>
        IsVisible(rune) && (rune.Value == ' ' || Rune.GetUnicodeCategory(rune) != UnicodeCategory.SpaceSeparator);

    private static bool MayStandInDisplay(Rune? before, Rune rune, Rune? after) =>
        IsVisible(rune)
        || rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner && Is(before, JoiningScripts) && Is(after, JoiningScripts)
        || rune.Value == ZeroWidthJoiner && IsPictorial(before) && IsPictorial(after)
        || rune.Value is 0xFE0E or 0xFE0F && (IsPictorial(before) || IsKeycap(before))
        || rune.Value is 0xFE00 or 0xFE01 or 0xFE02 or (>= 0xE0100 and <= 0xE01EF) && Is(before, Ideographs);

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => Is(rune, Visible),
        // Noncharacters; other unassigned code points may be the letters of a newer Unicode version.
        UnicodeCategory.OtherNotAssigned when rune.Value is >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE => false,
        _ => !Is(rune, Invisible),
    };

    /// <summary>Returns true for emoji and the characters that become emoji by a variation selector (UTS 51).</summary>
    private static bool IsPictorial(Rune? rune) => rune is { IsAscii: false } known && (known.Value is 0xFE0F or 0x203C or 0x2049
        || Rune.GetUnicodeCategory(known) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol or UnicodeCategory.ModifierSymbol
            or UnicodeCategory.OtherNotAssigned);

    private static bool IsKeycap(Rune? rune) => rune is { IsAscii: true, Value: '#' or '*' or (>= '0' and <= '9') };

    private static bool Is(Rune? rune, (int First, int Last)[] ranges) =>
        rune is { Value: var value } && Array.Exists(ranges, range => value >= range.First && value <= range.Last);
}
