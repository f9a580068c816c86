namespace Hype.Contracts.Tests.Language;

/// <summary>
/// Tests that comments, documents, messages and names are plain technical English: <c>rules.txt</c> lists the excluded wording.
/// </summary>
public sealed class LanguageTests
{
    private static readonly IReadOnlyList<LanguageRule> Rules = LanguageRule.ReadAll();

    private static readonly Lazy<IReadOnlyList<LanguageHit>> Hits = new(() =>
    {
        var scan = new LanguageScan(Rules);
        return [.. LanguageScan.Files().AsParallel().AsOrdered().SelectMany(scan.Search)];
    });

    private static readonly IReadOnlyList<string[]> Allowed =
        [.. LanguageRule.Lines("allowed.txt").Select(line => line.Split('|', StringSplitOptions.TrimEntries))];

    [Test]
    public void Every_folder_follows_the_language_rules()
    {
        var hits = Hits.Value.Where(hit => !Allowed.Any(entry => Allows(entry, hit))).ToList();
        var report = hits.Select(hit => hit.ToString())
            .Append("")
            .Concat(hits.GroupBy(hit => hit.Area).OrderByDescending(area => area.Count())
                .Select(area => $"{area.Key}: {area.Count()}"))
            .Append($"total: {hits.Count}");
        TestContext.Out.WriteLine(string.Join('\n', report));
        var found = hits.Select(hit => $"{hit} -> {Rules.First(rule => rule.Name == hit.Rule).Advice}").ToList();
        Assert.That(found, Is.Empty, $"{found.Count} places; `docs/glossary.md` has the words to use");
    }

    [Test]
    public void Every_listed_exception_to_a_language_rule_is_still_needed_and_has_a_reason()
    {
        Assert.That(Allowed.Where(entry => entry is not [_, _, _, { Length: > 10 }]), Is.Empty, "path | rule | words | reason");
        var unused = Allowed.Where(entry => !Hits.Value.Any(hit => Allows(entry, hit))).Select(entry => string.Join(" | ", entry));
        Assert.That(unused, Is.Empty, "no longer needed");
    }

    [TestCase("who", "Grains/A.cs", "// Who joins now builds it.")]
    [TestCase("who", "docs/a.md", "The node refuses\nwho has no ticket.")]
    [TestCase("whom", "docs/a.md", "The members whom it serves.")]
    [TestCase("whoever", "Grains/A.cs", "/// <summary>Closes what nobody needs.</summary>")]
    [TestCase("what", "docs/a.md", "It is late. What is dropped does not come back.")]
    [TestCase("told", "Grains/A.cs", "var text = \"{Channel} is told of it\";")]
    [TestCase("is-to-be", "a.proto", "// The node is\n// to be empty.")]
    [TestCase("anew", "deploy/a.yaml", "key: value # begins anew")]
    [TestCase("for-ever", "a.css", "/* goes on for\n * ever */")]
    [TestCase("patience", "Grains/A.cs", "// The patience of a caller.")]
    [TestCase("gender", "Gateway/a.js", "/* Nothing says that\n * he left. */")]
    [TestCase("look-after", "Grains/A.cs", "// The silo looks after its grains.")]
    [TestCase("hear-of", "Grains/A.cs", "// A node not heard of for a minute.")]
    [TestCase("of-itself", "Grains/A.cs", "// It ends of itself.")]
    [TestCase("all-the-same", "Grains/A.cs", "// It closes all the same.")]
    [TestCase("no-more", "Grains/A.cs", "// The node is no more.")]
    [TestCase("house", "Grains/A.cs", "// The members are housed there.")]
    [TestCase("quaint", "Grains/A.cs", "// It insists on an answer.")]
    [TestCase("beat", "Grains/A.cs", "// The next beat brings it.")]
    [TestCase("nor", "docs/a.md", "It has no clock. Nor has it a socket.")]
    [TestCase("fragment", "Grains/A.cs", "/// <summary>\n/// Whether a member speaks.</summary>")]
    [TestCase("fragment-of", "Grains/A.cs", "int count; // Of these, the late ones.")]
    [TestCase("test-start", "tests/A.cs", "public void It_counts_once()")]
    [TestCase("test-word", "tests/A.cs", "public async Task A_member_who_left_stays_away()")]
    [TestCase("retired-word", "Grains/A.cs", "private TimeSpan _patience;")]
    [TestCase("retired-name", "Grains/A.cs", "new ChannelRooms()")]
    public void Text_with_a_violation_of_a_language_rule_is_reported_with_the_rule_name(string rule, string path, string text) =>
        Assert.That(new LanguageScan(Rules).Search(path, text).Select(hit => hit.Rule), Does.Contain(rule));

    [TestCase("Grains/A.cs", "// A member who joins now builds the new layout.\nvar he = \"he\";")]
    [TestCase("Grains/A.cs", "// The channel decides who may speak. See <c>nobody</c>.\nvar url = \"http://who/are\";")]
    [TestCase("docs/a.md", "What happens next? Each node is notified.\n\n```\nnobody was told\n```\n\n## What sets the limits\n\nText.")]
    [TestCase("Gateway/a.js", "say('Nobody is here yet'); // a sentence for people")]
    [TestCase("tests/A.cs", "public void Heartbeat_renews_the_lease()")]
    public void Text_that_follows_the_language_rules_is_not_reported(string path, string text) =>
        Assert.That(new LanguageScan(Rules).Search(path, text), Is.Empty);

    [Test]
    public void Reported_line_is_the_line_of_the_first_matching_word()
    {
        var hits = new LanguageScan(Rules).Search("Grains/A.cs", "\n\n// The node\n// is told.\n");
        Assert.That(hits.Select(hit => hit.Line), Is.EqualTo([4]));
    }

    private static bool Allows(string[] entry, LanguageHit hit) =>
        entry[0] == hit.Path && entry[1] == hit.Rule && hit.Text.Contains(entry[2], StringComparison.Ordinal);
}
