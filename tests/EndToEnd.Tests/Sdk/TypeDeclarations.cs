using System.Text.RegularExpressions;
using Hype.EndToEnd.Tests.Interop;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.EndToEnd.Tests.Sdk;

/// <summary>
/// Tests the types of the SDK: the file hype-voice.d.ts equals the TypeScript compiler's output for the modules, and all modules pass the
/// type check.
/// </summary>
[Category("E2E")]
internal sealed partial class TypeDeclarations
{
    private static readonly string Declarations = Path.Combine(NodeTools.Sdk, "hype-voice.d.ts");

    private DirectoryInfo _folder = null!;

    [OneTimeSetUp]
    public Task InstallCompiler() => NodePeer.InstallAsync();

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("hype-types-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    /// <summary>Compares the file with the compiler's output; with <c>HYPE_WRITE_DOWN=1</c>, the test writes the file first.</summary>
    [Test]
    public async Task Declaration_file_equals_the_output_of_the_TypeScript_compiler()
    {
        // Deletes the declarations, because the compiler would read them instead of the modules beside them.
        CopyWeb();
        File.Delete(Path.Combine(_folder.FullName, "sdk", "hype-voice.d.ts"));

        var output = Path.Combine(_folder.FullName, "output.d.ts");
        await NodeTools.WriteDeclarationsAsync(Path.Combine(_folder.FullName, "sdk"), output);

        if (Environment.GetEnvironmentVariable("HYPE_WRITE_DOWN") == "1")
            File.Copy(output, Declarations, overwrite: true);
        Assert.That(
            await File.ReadAllTextAsync(Declarations),
            Is.EqualTo(await File.ReadAllTextAsync(output)),
            "Run this test with HYPE_WRITE_DOWN=1 and commit the file.");
    }

    [Test]
    public async Task Modules_of_the_SDK_the_panel_and_the_admin_page_pass_the_strict_TypeScript_compiler()
    {
        CopyWeb();
        File.Delete(Path.Combine(_folder.FullName, "sdk", "hype-voice.d.ts"));

        await NodeTools.CheckModulesAsync(_folder.FullName, "sdk/hype-voice.js", "panel/panel.js", "admin/admin.js");
    }

    [Test]
    public async Task TypeScript_example_in_the_SDK_document_compiles()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "sdk.md"));
        File.Copy(Declarations, Path.Combine(_folder.FullName, "hype-voice.d.ts"));
        File.WriteAllText(Path.Combine(_folder.FullName, "tsconfig.json"), Block(page, "json"));
        File.WriteAllText(Path.Combine(_folder.FullName, "app.ts"), Block(page, "ts"));

        await NodeTools.CompileAsync(_folder.FullName, "--noEmit", "--project", ".");
    }

    private void CopyWeb()
    {
        foreach (var file in Directory.EnumerateFiles(NodeTools.WebRoot, "*.?s", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.FullName, Path.GetRelativePath(NodeTools.WebRoot, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static string Block(string page, string language) =>
        CodeBlock().Matches(page).First(match => match.Groups[1].Value == language).Groups[2].Value;

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
