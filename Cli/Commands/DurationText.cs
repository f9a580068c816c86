using System.CommandLine.Parsing;
using System.Globalization;

namespace Hype.Cli.Commands;

/// <summary>Parses a duration: <c>90s</c>, <c>30m</c>, <c>12h</c>, <c>7d</c>.</summary>
internal static class DurationText
{
    private const double MostDays = 3650;

    public static TimeSpan Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (TryParse(text) is { } duration)
            return duration;
        argument.AddError($"'{text}' is not a duration: write 90s, 30m, 12h or 7d.");
        return default;
    }

    private static TimeSpan? TryParse(string text)
    {
        double? unit = text.Length < 2 ? null : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => null };
        return unit is { } seconds
            && double.TryParse(
                text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * seconds is >= 1 and <= MostDays * 86400
            ? TimeSpan.FromSeconds(number * seconds)
            : null;
    }
}
