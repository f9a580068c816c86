using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hype.Contracts.Tests.Source;

/// <summary>One file of the repository, with its lines and, for C#, its syntax tree.</summary>
/// <param name="Path">The path from the repository's root, with slashes.</param>
/// <param name="Text">The content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private static readonly string[] Generated = ["bin", "obj", "node_modules", "artifacts", "data"];

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>All files of the repository that are not generated, in the order of their paths.</summary>
    public static readonly Lazy<IReadOnlyList<SourceFile>> All = new(() =>
        [.. Files(Repository.Root).Order(StringComparer.Ordinal).Select(path => new SourceFile(Relative(path), File.ReadAllText(path)))]);

    public string[] Lines { get; } = Text.Split('\n');

    /// <summary>The project or top folder: <c>Gateway</c>, <c>tests/Gateway.Tests</c>.</summary>
    public string Area => Path.Split('/') is ["tests", var project, _, ..] ? $"tests/{project}" : Path.Split('/')[0];

    public string Folder => Path.Contains('/') ? Path[..Path.LastIndexOf('/')] : "";

    public CompilationUnitSyntax Syntax => CSharpSyntaxTree.ParseText(Text, Options).GetCompilationUnitRoot();

    public bool Is(params ReadOnlySpan<string> extensions)
    {
        foreach (var extension in extensions)
            if (Path.EndsWith($".{extension}", StringComparison.Ordinal))
                return true;
        return false;
    }

    /// <summary>True for shell scripts, most of which have no file extension.</summary>
    public bool IsScript => Text.StartsWith("#!", StringComparison.Ordinal) || Is("sh");

    /// <summary>Returns a place in this file in the form that compilers use: path and line.</summary>
    public string At(SyntaxNodeOrToken place) => At(place.GetLocation()!.GetLineSpan().StartLinePosition.Line);

    public string At(int line) => $"{Path}:{line + 1}";

    private static string Relative(string path) => System.IO.Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    private static IEnumerable<string> Files(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            if (System.IO.Path.GetExtension(file) is ".cs" or ".js" or ".mjs" or ".proto" or ".md" or ".sh" or ".csproj" or ""
                && IsText(file))
                yield return file;
        foreach (var child in Directory.EnumerateDirectories(folder).Where(child => !IsSkipped(child)))
            foreach (var file in Files(child))
                yield return file;
    }

    private static bool IsSkipped(string folder) =>
        System.IO.Path.GetFileName(folder) is var name && (Generated.Contains(name) || name is ['.', ..] and not ".ci");

    private static bool IsText(string file) => System.IO.Path.HasExtension(file) || System.IO.Path.GetFileName(file)[0] != '.';
}
