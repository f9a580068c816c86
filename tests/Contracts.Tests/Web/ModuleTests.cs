using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Web;

/// <summary>Tests the files of the SDK's and the pages' JavaScript modules: their type checks, their folders and their version.</summary>
public sealed partial class ModuleTests
{
    private static readonly string WebRoot = Path.Combine(Repository.Root, "Gateway", "wwwroot");

    private static IEnumerable<string> Modules(params string[] folders) => folders.SelectMany(folder =>
        Directory.EnumerateFiles(Path.Combine(WebRoot, folder), "*.?s", SearchOption.AllDirectories));

    [Test]
    public void SDK_and_admin_page_do_not_use_the_type_any() => Assert.That(
        Modules("sdk", "admin", "shared").Where(file => UsesAny(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(WebRoot, file)),
        Is.Empty);

    [Test]
    public void Every_JavaScript_module_enables_the_type_check() => Assert.That(
        Modules("sdk", "admin", "panel", "shared")
            .Where(file => file.EndsWith(".js", StringComparison.Ordinal))
            .Where(file => !File.ReadAllText(file).StartsWith("// @ts-check\n", StringComparison.Ordinal)),
        Is.Empty);

    /// <summary>
    /// Tests that only the SDK's public modules and the base class of the channel are directly in its folder; all other modules are in
    /// sub-folders.
    /// </summary>
    [Test]
    public void SDK_folder_has_only_the_public_modules_and_the_base_class() => Assert.That(
        Directory.EnumerateFiles(Path.Combine(WebRoot, "sdk")).Select(Path.GetFileName),
        Is.EquivalentTo(
            new[] { "hype-voice.js", "hype-voice.d.ts", "channel.js", "errors.js", "types.js", "emitter.js", "package.json", "LICENSE" }));

    [Test]
    public void SDK_package_has_the_version_of_the_product()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(WebRoot, "sdk", "package.json")));
        var version = Version().Match(Repository.Read("Directory.Build.props")).Groups[1].Value;
        Assert.That(package.RootElement.GetProperty("version").GetString(), Is.EqualTo(version));
    }

    private static bool UsesAny(string text) => JsDocAny().IsMatch(text) || DeclaredAny().IsMatch(text);

    [GeneratedRegex(@"@(?:type|param|returns|typedef|property|template|extends)\s+\{[^\n]*\bany\b[^\n]*\}")]
    private static partial Regex JsDocAny();

    [GeneratedRegex(@"[:<,|(] ?any\b(?=[\[\]>,;|) ])")]
    private static partial Regex DeclaredAny();

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex Version();
}
