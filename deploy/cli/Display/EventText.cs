using System.Text.Json;
using Hype.Cli.Api;

namespace Hype.Cli.Display;

/// <summary>Something that happened in a channel, on one line.</summary>
internal static class EventText
{
    public const string Closed = "closed";

    private const int NameWidth = 10;

    public static string Line(ChannelEvent happened, DateTimeOffset now) =>
        Words.Printable(Words.Invariant($"{now:HH:mm:ss}  {happened.Name.PadRight(NameWidth)}  {Describe(happened)}"));

    private static string Describe(ChannelEvent happened)
    {
        using var data = JsonDocument.Parse(happened.Data);
        return string.Join("  ", Facts(data.RootElement));
    }

    /// <summary>What is set, by name; false, null and empty say nothing that is worth a column.</summary>
    private static IEnumerable<string> Facts(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return element.ValueKind == JsonValueKind.Array ? [$"{element.GetArrayLength()}"] : [element.ToString()];
        return element.EnumerateObject().SelectMany(property => property.Value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => [],
            JsonValueKind.True => [property.Name],
            JsonValueKind.String => property.Value.GetString() is { Length: > 0 } text ? [$"{property.Name}={text}"] : [],
            JsonValueKind.Number => [$"{property.Name}={property.Value}"],
            JsonValueKind.Array => [$"{property.Name}={property.Value.GetArrayLength()}"],
            _ => Facts(property.Value),
        });
    }
}
