using System.Text.RegularExpressions;
using Hype.Contracts.Tests.Source;

namespace Hype.Contracts.Tests.Documents;

/// <summary>
/// Tests that the code writes each log text that <c>docs/operations.md</c> and the tests of the cluster search for. A search for a text
/// that the code does not write finds nothing, and a test that waits for it times out.
/// </summary>
public sealed partial class LogQuoteTests
{
    private static readonly string[] Messages = [.. LogMessages.All.Select(log => log.Message.Message)];

    /// <summary>Returns each log text that the page or a test searches for, with the name of its file.</summary>
    private static IEnumerable<TestCaseData> Quotes()
    {
        var page = Repository.Read("docs/operations.md");
        foreach (Match command in LogSearch().Matches(page))
            foreach (var word in command.Groups["pattern"].Value.Split("\\|"))
                yield return Case("docs/operations.md", word);
        // The second column of the table of failures; Orleans' own lines stand without code marks, and a single word is an error code.
        foreach (Match row in FailureRow().Matches(page[page.IndexOf("## What a failure looks like", StringComparison.Ordinal)..]))
            foreach (Match quote in Quotation().Matches(row.Groups["logs"].Value))
                yield return Case("docs/operations.md", quote.Groups["text"].Value);
        foreach (var file in SourceFile.All.Value.Where(file => file.Area == "tests/Cluster.Tests" && file.Is("cs")))
            foreach (Match search in TextSearch().Matches(file.Text))
                yield return Case(file.Path, Hole().Replace(search.Groups["text"].Value, "…"));

        static TestCaseData Case(string place, string quote) => new TestCaseData(quote).SetArgDisplayNames($"{place}: {quote}");
    }

    [TestCaseSource(nameof(Quotes))]
    public void Log_text_quoted_in_a_document_or_test_is_part_of_a_log_message_in_the_code(string quote)
    {
        var parts = quote.Split('…', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var pattern = new Regex(string.Join(".*", parts.Select(Regex.Escape)));
        Assert.That(Messages.Any(message => pattern.IsMatch(message)), $"no log message contains: {quote}");
    }

    [Test]
    public void Search_for_log_quotes_finds_quotes_of_the_documentation_page_and_the_cluster_tests() =>
        Assert.That(Quotes().Select(quote => (string)quote.Arguments[0]!), Is.SupersetOf(["drain", "Channel … activated as"]));

    [GeneratedRegex(@"grep -h '(?<pattern>[^']+)' ""\$HYPE_CLUSTER_DATA""")]
    private static partial Regex LogSearch();

    [GeneratedRegex(@"^\|[^|]+\|(?<logs>[^|]+)\|", RegexOptions.Multiline)]
    private static partial Regex FailureRow();

    [GeneratedRegex("`(?<text>[^`]+ [^`]+)`")]
    private static partial Regex Quotation();

    [GeneratedRegex(@"(?:(?:First|Last)Of\(\w+, |Text\.Contains\()\$?""(?<text>[^""]+)""")]
    private static partial Regex TextSearch();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Hole();
}
