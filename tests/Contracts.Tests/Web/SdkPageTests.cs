using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Web;

/// <summary>Tests that docs/sdk.md names every event, option and method of the SDK, and no other event or option.</summary>
public sealed partial class SdkPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "sdk.md"));

    [Test]
    public void SDK_page_lists_exactly_the_events_of_the_SDK() =>
        Assert.That(Rows("| event |"), Is.EquivalentTo(Properties("ChannelEvents")));

    [Test]
    public void SDK_page_lists_exactly_the_options_of_a_join() =>
        Assert.That(Rows("| option |"), Is.EquivalentTo(Properties("JoinOptions")));

    [TestCase("channel.js", "")]
    [TestCase("audio/volumes.js", "volumes.")]
    [TestCase("audio/talk.js", "talk.")]
    [TestCase("audio/devices.js", "devices.")]
    [TestCase("signaling/moderation.js", "moderate.")]
    public void SDK_page_names_every_public_method_of_the_SDK(string module, string owner)
    {
        string[] inner = ["constructor", "open", "close", "refresh", "gain"]; // for the SDK's own modules
        var methods = Method().Matches(Source(module)).Select(match => match.Groups[1].Value).Except(inner).ToArray();
        Assert.That(methods, Is.Not.Empty);
        Assert.That(methods.Where(method => !Regex.IsMatch(Page, $@"[`.]{method}\b")), Is.Empty,
            $"methods of channel.{owner}… that docs/sdk.md does not name");
    }

    /// <summary>Returns the code names in the first column of a table; one cell may contain several.</summary>
    private static IEnumerable<string> Rows(string head) =>
        Page[Page.IndexOf(head, StringComparison.Ordinal)..].Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|'))
            .SelectMany(line => Code().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value));

    private static IEnumerable<string> Properties(string type)
    {
        var source = Source("types.js");
        var start = source.IndexOf($"@typedef {{object}} {type}", StringComparison.Ordinal);
        return Property().Matches(source[start..source.IndexOf("*/", start, StringComparison.Ordinal)])
            .Select(match => match.Groups[1].Value);
    }

    private static string Source(string module) => File.ReadAllText(Path.Combine(Repository.Root, "Gateway", "wwwroot", "sdk", module));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    // The type may contain braces.
    [GeneratedRegex(@"^ \* @property \{.*\} \[?(\w+)\]?(?= |$)", RegexOptions.Multiline)]
    private static partial Regex Property();

    // A method of a class: indented by two spaces, and neither private nor an accessor.
    [GeneratedRegex(@"^  (?:async )?([a-z]\w*)\([^)]*\) \{$", RegexOptions.Multiline)]
    private static partial Regex Method();
}
