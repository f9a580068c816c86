using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Web;

/// <param name="Type">The type as it is written in the file.</param>
/// <param name="Optional">True if a question mark follows the name.</param>
internal sealed record TypeScriptField(string Type, bool Optional);

/// <summary>Reads the declarations of one TypeScript file, as far as these tests compare them with the gateway's records.</summary>
internal sealed partial class TypeScriptFile(string path)
{
    private readonly string _text = Comment().Replace(Repository.Read(path), "");

    public IEnumerable<string> Interfaces => Interface().Matches(_text).Select(match => match.Groups[1].Value);

    /// <summary>Returns the fields of an interface, or of a type that is one object.</summary>
    public IReadOnlyDictionary<string, TypeScriptField> Fields(string name)
    {
        var head = Regex.Match(_text, $@"export (?:interface {name}|type {name} =) \{{");
        if (!head.Success)
            throw new InvalidOperationException($"{path} does not declare {name}.");
        return Members(head.Index + head.Length).Select(member => Member().Match(member)).ToDictionary(
            match => match.Groups[1].Value,
            match => new TypeScriptField(match.Groups[3].Value.Trim(), match.Groups[2].Length > 0));
    }

    /// <summary>Returns the alternatives of a union: names of types, or literals without their quotes.</summary>
    public string[] Union(string name)
    {
        var union = Regex.Match(_text, $@"export type {name} =([^;]*);");
        return [.. union.Groups[1].Value.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Trim('\'', '"'))];
    }

    private List<string> Members(int start)
    {
        var members = new List<string>();
        var depth = 0;
        for (var i = start; depth >= 0; i++)
        {
            depth += _text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth > 0 || (_text[i] != ';' && depth == 0))
                continue;
            if (!string.IsNullOrWhiteSpace(_text[start..i]))
                members.Add(_text[start..i].Trim());
            start = i + 1;
        }

        return members;
    }

    [GeneratedRegex(@"/\*.*?\*/|//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"export interface (\w+) \{")]
    private static partial Regex Interface();

    [GeneratedRegex(@"^(\w+)(\??):(.*)$", RegexOptions.Singleline)]
    private static partial Regex Member();
}
