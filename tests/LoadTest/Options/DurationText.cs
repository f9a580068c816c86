using System.CommandLine.Parsing;
using System.Globalization;

namespace Hype.LoadTest.Options;

/// <summary>Parses a duration: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>; a number without a unit is in seconds.</summary>
internal static class DurationText
{
    private static readonly (string Suffix, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        var (suffix, seconds) = Units.First(unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        var isNumber = double.TryParse(
            text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        duration = isNumber && number * seconds <= TimeSpan.FromDays(7).TotalSeconds ? TimeSpan.FromSeconds(number * seconds) : default;
        return isNumber && number * seconds <= TimeSpan.FromDays(7).TotalSeconds;
    }

    internal static TimeSpan Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (!TryParse(text, out var duration))
            argument.AddError($"'{text}' is not a duration: write 250ms, 30s, 5m or 1h, at most 7 days.");
        return duration;
    }
}
