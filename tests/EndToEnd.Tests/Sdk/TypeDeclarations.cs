using System.Text.RegularExpressions;
using Hype.EndToEnd.Tests.Interop;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Sdk;

/// <summary>hype-voice.d.ts is written by hand, so the TypeScript compiler is asked whether it says what the modules do.</summary>
[Category("E2E")]
internal sealed partial class TypeDeclarations
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string Compiler = RepositoryPaths.InProject("Interop", "peers", "node_modules", "typescript", "bin", "tsc");
    private static readonly string Sources = Path.Combine(RepositoryPaths.Root, "Gateway", "wwwroot", "sdk");
    private static readonly string[] Options =
        ["--strict", "--target", "esnext", "--module", "esnext", "--moduleResolution", "bundler", "--lib", "esnext,dom,dom.iterable"];

    private DirectoryInfo _folder = null!;

    [OneTimeSetUp]
    public Task InstallCompiler() => NodePeer.InstallAsync();

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("hype-types-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public async Task The_declarations_say_what_the_modules_are()
    {
        // Beside each other the declarations would be taken for the module.
        Copy("*.js", "modules");
        Copy("*.d.ts", "hand");
        File.Copy(RepositoryPaths.InProject("Sdk", "type-check.ts"), Path.Combine(_folder.FullName, "type-check.ts"));

        await CompileAsync([.. Options, "--allowJs", "--checkJs", "--declaration", "--emitDeclarationOnly", "--outDir", "made", "modules/hype-voice.js"]);
        await CompileAsync([.. Options, "--noEmit", "type-check.ts"]);
    }

    [Test]
    public async Task What_the_page_shows_of_TypeScript_compiles()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "sdk.md"));
        Copy("*.d.ts", ".");
        File.WriteAllText(Path.Combine(_folder.FullName, "tsconfig.json"), Block(page, "json"));
        File.WriteAllText(Path.Combine(_folder.FullName, "app.ts"), Block(page, "ts"));

        await CompileAsync(["--noEmit", "--project", "."]);
    }

    private void Copy(string pattern, string to)
    {
        var folder = _folder.CreateSubdirectory(to).FullName;
        foreach (var file in Directory.EnumerateFiles(Sources, pattern))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    private Task CompileAsync(string[] arguments) => ChildProcess.RunAsync("node", [Compiler, .. arguments], Limit, _folder.FullName);

    private static string Block(string page, string language) => CodeBlock().Matches(page).First(match => match.Groups[1].Value == language).Groups[2].Value;

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
