using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hype.Grains.Abstractions.Naming;

/// <summary>
/// Converts an enum to and from its JSON names: camelCase, with an abbreviation as one word (<c>p2p</c>; the policy of System.Text.Json
/// would write <c>p2P</c>). Numbers in JSON are refused.
/// </summary>
public sealed class WireEnum<T> : JsonConverter<T> where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Names = Enum.GetValues<T>().ToFrozenDictionary(value => value, NameFor);
    private static readonly FrozenDictionary<string, T> Values = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static string NameOf(T value) => Names[value];

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
            ? value
            : throw new JsonException($"One of {string.Join(", ", Names.Values)} was expected.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Names[value]);

    private static string NameFor(T value)
    {
        var name = value.ToString();
        return name.Any(char.IsAsciiLetterLower) ? JsonNamingPolicy.CamelCase.ConvertName(name) : name.ToLowerInvariant();
    }
}
