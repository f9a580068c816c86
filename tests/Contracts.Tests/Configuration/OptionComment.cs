using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hype.Contracts.Tests.Configuration;

/// <summary>
/// The comment of an options property, split into meaning, default and range. Comments say <c>Default 250 ms, range 10 ms–10 s.</c>,
/// or <c>Default: none; that is …</c>, or <c>`Auto` (default): …</c>.
/// </summary>
internal sealed partial record OptionComment(string Meaning, string? Default, string Range)
{
    private static readonly Dictionary<Assembly, Dictionary<string, XElement>> Files = [];

    public static OptionComment Of(PropertyInfo property)
    {
        if (!Files.TryGetValue(property.Module.Assembly, out var file))
        {
            file = XDocument.Load(Path.ChangeExtension(property.Module.Assembly.Location, ".xml")).Descendants("member")
                .ToDictionary(member => member.Attribute("name")!.Value);
            Files[property.Module.Assembly] = file;
        }

        return Parse(Markdown(file.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}")?.Element("summary")));
    }

    public static OptionComment Parse(string comment)
    {
        var said = Default_().Match(comment) is { Success: true } sentence ? sentence : Marked().Match(comment);
        var range = Range_().Match(comment);
        // Marked: "0 (default): one per core" stays as "0: one per core".
        var meaning = Range_().Replace(said.Groups["mark"].Success ? comment.Remove(said.Groups["mark"].Index, said.Groups["mark"].Length)
            : Default_().Replace(comment, "", 1), "", 1);
        return new OptionComment(
            Sentences(meaning), said.Success ? Word(said.Groups["value"].Value) : null, range.Success ? range.Groups["value"].Value : "");
    }

    private static string? Word(string value) => value is "" or "none" or "Empty" ? null : value;

    /// <summary>
    /// Repairs a comment from which default and range were removed: a remainder without its beginning (<c>; port 0 takes a free one.</c>)
    /// becomes a sentence, and a single sentence loses its full stop.
    /// </summary>
    private static string Sentences(string text)
    {
        text = Orphan().Replace(text, match => $"{match.Groups["before"].Value} {match.Groups["first"].Value.ToUpperInvariant()}");
        text = Stops().Replace(text, ".").Trim();
        return text.Contains(". ", StringComparison.Ordinal) ? text : text.TrimEnd('.');
    }

    private static string Markdown(XElement? summary) => summary is null
        ? ""
        : Space().Replace(string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('.').Last()}`",
            XElement other => other.Value,
            _ => node.ToString().Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal)
                .Replace("&amp;", "&", StringComparison.Ordinal),
        })), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    // "No default." | "Default X" | "default: X, Y" up to a stop; a comma ends it only without a colon.
    [GeneratedRegex(
        @"\bNo default\b|\b[Dd]efault(?:: (?<value>[^;.]+?)(?=[;.](?: |$)|$)|"
            + @"\s(?<value>`[^`]+`|[\d.,]*\d(?: at once and [\d,]+ each second| (?:ms|s|min|h|days))?|true|false|none)"
            + "(?=[;,:.](?: |$)|$))")]
    private static partial Regex Default_();

    [GeneratedRegex(@"(?<value>`[^`]+`|\w+)(?<mark> \(default\))")]
    private static partial Regex Marked();

    [GeneratedRegex(@"[,;]?\s*\b[Rr]ange (?<value>[\d.,`][^;:.]*?(?:\.\d[^;:.]*?)?(?: \([^)]*\))?)(?=[;:.](?: |$)|$)")]
    private static partial Regex Range_();

    [GeneratedRegex(@"(?<before>^|[.?])\s*[;:,] (?<first>\w)")]
    private static partial Regex Orphan();

    [GeneratedRegex(@"\s*[;,.]*\s*\.(?=\s|$)")]
    private static partial Regex Stops();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
