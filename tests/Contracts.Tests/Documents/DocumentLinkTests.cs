using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Documents;

/// <summary>Tests that the documents link only to existing files.</summary>
public sealed partial class DocumentLinkTests
{
    private static readonly string[] Skipped = ["node_modules", "artifacts", "bin", "obj"];

    public static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => Skipped.Contains(part) || part.StartsWith('.')))
            .Order();

    [TestCaseSource(nameof(Pages))]
    public void Links_of_a_document_lead_to_existing_files(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var links = Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#'));
        Assert.That(links.Where(link => !Path.Exists(Path.Combine(folder, link.Split('#')[0]))), Is.Empty,
            $"links of {page} to files that do not exist");
    }

    [TestCaseSource(nameof(Pages))]
    public void Document_has_no_merge_conflict_markers(string page) =>
        Assert.That(File.ReadLines(Path.Combine(Repository.Root, page)).Where(line => line.StartsWith("<<<<<<< ", StringComparison.Ordinal)
            || line.StartsWith(">>>>>>> ", StringComparison.Ordinal)), Is.Empty);

    // Markdown links, and pictures with a width.
    [GeneratedRegex("""(?:\]\(|src=")([^)"\s]+)[)"]""")]
    private static partial Regex Link();
}
