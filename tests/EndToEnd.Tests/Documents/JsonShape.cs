using System.Text.Json;

namespace Hype.EndToEnd.Tests.Documents;

/// <summary>The shape of a JSON document: its property names without values, since values differ between runs.</summary>
internal static class JsonShape
{
    /// <summary>Returns the paths of all properties in order, each once, such as <c>nodes[].id</c>.</summary>
    public static IEnumerable<string> Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Walk(document.RootElement, "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
    }

    private static IEnumerable<string> Walk(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property =>
            Walk(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}").Prepend($"{path}.{property.Name}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Walk(item, $"{path}[]")),
        _ => [],
    };
}
