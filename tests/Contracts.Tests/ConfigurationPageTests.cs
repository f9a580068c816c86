using System.Reflection;

namespace Hype.Contracts.Tests;

/// <summary>docs/configuration.md lists every key that an options type reads, and no other.</summary>
public sealed class ConfigurationPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));

    private static readonly string[] Keys =
        [.. OptionTypes.All.SelectMany(options => options.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => $"{options.Section}:{property.Name}"))];

    [Test]
    public void Every_option_in_the_code_is_on_the_page() =>
        Assert.That(Keys.Where(key => !Page.Contains($"`{key}`", StringComparison.Ordinal)), Is.Empty, "add these keys to docs/configuration.md");

    [Test]
    public void Every_key_on_the_page_is_in_the_code()
    {
        var listed = Page.Split('\n').Where(line => line.StartsWith("| `Hype:", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).ToArray();
        Assert.That(listed, Is.Not.Empty);
        Assert.That(listed.Except(Keys), Is.Empty, "these keys of docs/configuration.md do not exist");
    }
}
