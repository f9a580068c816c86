using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Hype.Contracts.Tests.Configuration;

/// <summary>A configuration key that an operator can set, with the comment of its property.</summary>
/// <param name="Name">
/// The name with its section. For the entries of a list, it is the name in the first entry: <c>Hype:Auth:Keys:0:Id</c>.
/// </param>
/// <param name="Default">The default in the code; null: the code has none, or none that can be written.</param>
internal sealed record OptionKey(string Name, string? Default, OptionComment Comment)
{
    /// <summary>Returns the keys of an options type in the order of its source; the keys of a list's entries follow the list.</summary>
    public static IEnumerable<OptionKey> Of(Type type, string section)
    {
        var defaults = Activator.CreateInstance(type)!;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var property in properties.OrderBy(property => property.MetadataToken))
        {
            var name = $"{section}:{property.Name}";
            yield return new OptionKey(name, Text(property.GetValue(defaults)), OptionComment.Of(property));
            if (property.PropertyType.GetElementType() is { IsClass: true } entry && entry != typeof(string))
            {
                foreach (var key in Of(entry, $"{name}:0"))
                    yield return key;
            }
        }
    }

    public string Row => $"| `{Name}` | {Comment.Default ?? Default ?? "none"} | {Comment.Range} | {Comment.Meaning} |";

    /// <summary>Formats a default value in the same way as comments do; null: there is no value to write.</summary>
    private static string? Text(object? value) => value switch
    {
        null or "" => null,
        TimeSpan { TotalDays: >= 2 } time => Count(time.TotalDays, "days"),
        TimeSpan { TotalHours: >= 1 } time => Count(time.TotalHours, "h"),
        TimeSpan { TotalMinutes: > 1 } time when time.TotalSeconds % 60 == 0 => Count(time.TotalMinutes, "min"),
        TimeSpan { TotalSeconds: >= 1 } time => Count(time.TotalSeconds, "s"),
        TimeSpan time => Count(time.TotalMilliseconds, "ms"),
        bool flag => flag ? "true" : "false",
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        double number => number.ToString(CultureInfo.InvariantCulture),
        Enum word => $"`{word}`",
        string text => $"`{text}`",
        Gateway.Limits.RateOptions rate =>
            string.Create(CultureInfo.InvariantCulture, $"{rate.Burst:N0} at once and {rate.PerSecond:N0} each second"),
        IEnumerable list => list.Cast<object>().Any() ? throw new NotSupportedException("a list with defaults") : null,
        _ => throw new NotSupportedException($"no known format for a {value.GetType().Name}"),
    };

    private static string Count(double count, string unit) => $"{count.ToString(CultureInfo.InvariantCulture)} {unit}";
}
