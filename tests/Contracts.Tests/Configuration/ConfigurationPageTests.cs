using Hype.Contracts.Tests.Frozen;

namespace Hype.Contracts.Tests.Configuration;

/// <summary>
/// Tests that docs/configuration.md lists every key of every process, with the default of the code and the text of its comment.
/// </summary>
public sealed class ConfigurationPageTests
{
    private const string Command =
        "run `HYPE_WRITE_DOWN=1 dotnet test tests/Contracts.Tests --filter FullyQualifiedName~ConfigurationPage` and commit what it "
            + "changes in docs/configuration.md";

    [Test]
    public void Tables_of_the_configuration_page_match_the_code()
    {
        var page = File.ReadAllText(ConfigurationPage.File);
        var now = ConfigurationPage.Rewrite(page);
        if (WriteDown.Wanted)
            File.WriteAllText(ConfigurationPage.File, page = now);
        Assert.That(now.Split('\n').Except(page.Split('\n')), Is.Empty, Command);
        Assert.That(page.Split('\n').Except(now.Split('\n')), Is.Empty, Command);
    }

    [Test]
    public void Every_options_type_is_in_exactly_one_table_of_the_configuration_page() =>
        Assert.That(ConfigurationPage.Types(File.ReadAllText(ConfigurationPage.File)), Is.EquivalentTo(
            OptionTypes.All.Select(options => options.Type.Name)), "add it to a mark `<!-- keys of … -->` of docs/configuration.md");

    /// <summary>
    /// Tests the defaults that comments state as values. Defaults that comments describe in words (random, the machine's name) are
    /// skipped, because the code has no such value.
    /// </summary>
    [Test]
    public void Default_in_the_comment_of_an_option_matches_the_code() => Assert.Multiple(() =>
    {
        foreach (var key in OptionTypes.All.SelectMany(options => OptionKey.Of(options.Type, options.Section)))
        {
            if (key.Comment.Default is { } said && (said.StartsWith('`') || char.IsDigit(said[0]) || said is "true" or "false")
                && key.Default is not null)
                Assert.That(said, Is.EqualTo(key.Default), key.Name);
        }
    });

    [Test]
    public void Comment_of_every_configuration_key_states_the_meaning_of_the_key() =>
        Assert.That(OptionTypes.All.SelectMany(options => OptionKey.Of(options.Type, options.Section))
            .Where(key => key.Comment.Meaning.Length == 0).Select(key => key.Name), Is.Empty, "write what it means above the property");

    [TestCase("How long it may take. Default 250 ms, range 10 ms–1.5 s.", "How long it may take", "250 ms", "10 ms–1.5 s")]
    [TestCase("Where it listens. Default `http://*:80`; port 0 takes a free one.", "Where it listens. Port 0 takes a free one.",
        "`http://*:80`", "")]
    [TestCase("Threads. 0 (default): one per core. Range 0–256.", "Threads. 0: one per core.", "0", "0–256")]
    [TestCase("Origins. Default: none; then no page may.", "Origins. Then no page may.", null, "")]
    [TestCase("Where it is. No default.", "Where it is", null, "")]
    [TestCase("The bytes of a socket. Default 1,000,000 at once and 32,768 each second.", "The bytes of a socket",
        "1,000,000 at once and 32,768 each second", "")]
    public void Option_comment_is_split_into_meaning_default_and_range(string comment, string meaning, string? @default, string range) =>
        Assert.That(OptionComment.Parse(comment), Is.EqualTo(new OptionComment(meaning, @default, range)));
}
