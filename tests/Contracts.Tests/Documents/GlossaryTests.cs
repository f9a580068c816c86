using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Documents;

/// <summary>Tests that docs/glossary.md defines each term once, because two definitions of a term may differ.</summary>
public sealed partial class GlossaryTests
{
    [Test]
    public void Each_term_of_the_glossary_is_defined_once()
    {
        var terms = TermsOf(Repository.Read("docs/glossary.md"));
        Assert.That(terms, Is.SupersetOf(["channel", "offer", "answer"]));
        Assert.That(Repeated(terms), Is.Empty, "leave one row for each of these terms");
    }

    [Test]
    public void Term_that_two_rows_define_is_reported()
    {
        const string page =
            """
            | word | meaning | do not say |
            |---|---|---|
            | **offer**, **answer** | A **first** meaning. | |
            | **Answer** | A second meaning. | |
            """;
        Assert.That(Repeated(TermsOf(page)), Is.EqualTo(["answer"]).IgnoreCase);
    }

    private static string[] TermsOf(string page) =>
        [.. Row().Matches(page).SelectMany(row => Bold().Matches(row.Groups["words"].Value)).Select(term => term.Groups["term"].Value)];

    private static IEnumerable<string> Repeated(string[] terms) =>
        terms.GroupBy(term => term, StringComparer.OrdinalIgnoreCase).Where(rows => rows.Count() > 1).Select(rows => rows.Key);

    // The words that a row defines stand in its first column.
    [GeneratedRegex(@"^\|(?<words>[^|]+)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\*\*(?<term>[^*]+)\*\*")]
    private static partial Regex Bold();
}
