using System.Text.RegularExpressions;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Naming;

namespace Hype.Contracts.Tests.Web;

/// <summary>Tests that the panel has a sentence for each error code and each close reason, and no other sentences.</summary>
public sealed partial class PanelWordsTests
{
    private static readonly string Words = Repository.Read("Gateway/wwwroot/panel/words.js");

    private static readonly string[] CodesOfTheSdk =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "Gateway", "wwwroot", "sdk"), "*.js", SearchOption.AllDirectories)
            .SelectMany(file => Thrown().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Distinct(),
    ];

    private static readonly string[] CodesOfTheServer =
        [.. Enum.GetValues<VoiceError>().Where(error => error != VoiceError.None).Select(error => VoiceErrors.Describe(error).Name)];

    [Test]
    public void Web_panel_has_a_sentence_for_every_error_code() =>
        Assert.That(Keys("ERRORS"), Is.EquivalentTo(CodesOfTheServer.Union(CodesOfTheSdk)));

    [Test]
    public void Web_panel_has_a_sentence_for_every_close_reason() =>
        Assert.That(
            Keys("ENDS"),
            Is.EquivalentTo(Enum.GetValues<SocketCloseReason>().Select(reason => WireEnum<SocketCloseReason>.NameOf(reason))));

    [Test]
    public void SDK_page_lists_exactly_the_error_codes_that_only_the_SDK_raises()
    {
        var page = Repository.Read("docs/sdk.md");
        var table = page[page.IndexOf("| code | retry |", StringComparison.Ordinal)..].Split('\n').Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        var listed = table.SelectMany(row => Code().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value));
        Assert.That(listed, Is.EquivalentTo(CodesOfTheSdk.Except(CodesOfTheServer)));
    }

    private static IEnumerable<string> Keys(string table)
    {
        var start = Words.IndexOf($"const {table} = {{", StringComparison.Ordinal);
        return Key().Matches(Words[start..Words.IndexOf("\n};", start, StringComparison.Ordinal)]).Select(match => match.Groups[1].Value);
    }

    // A code and its sentence, or a constant that several codes share.
    [GeneratedRegex(@"^  (\w+): (?:'.*'|[A-Z_]+),$", RegexOptions.Multiline)]
    private static partial Regex Key();

    [GeneratedRegex(@"new VoiceError\('(\w+)'")]
    private static partial Regex Thrown();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
