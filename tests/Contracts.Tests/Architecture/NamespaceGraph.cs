using Hype.Contracts.Tests.Source;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hype.Contracts.Tests.Architecture;

/// <summary>
/// The namespaces of one project and the dependencies between them. The dependencies are read from the source: from using directives, from
/// qualified names, and from names of types that an enclosing namespace declares.
/// </summary>
internal sealed class NamespaceGraph
{
    private readonly Dictionary<string, SortedSet<string>> _dependencies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _types = new(StringComparer.Ordinal);

    /// <summary>Builds the graph from the source files of one project.</summary>
    public NamespaceGraph(IEnumerable<SourceFile> files)
    {
        var sources = files
            .Select(file => file.Syntax)
            .Select(syntax => (Syntax: syntax, Name: NamespaceOf(syntax) ?? ""))
            .Where(source => source.Name.Length > 0)
            .ToList();
        foreach (var (syntax, name) in sources)
        {
            _types.TryAdd(name, []);
            _dependencies.TryAdd(name, []);
            var types = syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>();
            _types[name].UnionWith(types.Where(IsTopLevel).Select(type => type.Identifier.ValueText));
        }

        foreach (var (syntax, name) in sources)
            _dependencies[name].UnionWith(Uses(syntax, name).Where(used => used != name));
    }

    public IEnumerable<string> Namespaces => _types.Keys.Order(StringComparer.Ordinal);

    /// <summary>The pairs of namespaces that depend on each other.</summary>
    public IEnumerable<(string First, string Second)> MutualPairs =>
        from first in Namespaces
        from second in _dependencies[first]
        where string.CompareOrdinal(first, second) < 0 && _dependencies[second].Contains(first)
        select (first, second);

    public static string? NamespaceOf(CompilationUnitSyntax syntax) =>
        syntax.Members.OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();

    private static bool IsTopLevel(BaseTypeDeclarationSyntax type) => type.Parent is BaseNamespaceDeclarationSyntax;

    private IEnumerable<string> Uses(CompilationUnitSyntax syntax, string name)
    {
        foreach (var directive in syntax.Usings)
            if (directive.NamespaceOrType is { } imported && Longest(imported.ToString()) is { } known)
                yield return known;
        foreach (var qualified in syntax.DescendantNodes().OfType<QualifiedNameSyntax>())
            if (qualified.Parent is not (QualifiedNameSyntax or BaseNamespaceDeclarationSyntax)
                && Longest(qualified.ToString()) is { } known)
                yield return known;
        foreach (var access in syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
            if (access.Expression.ToString() is var text
                && text.StartsWith("Hype.", StringComparison.Ordinal) && Longest(text) is { } known)
                yield return known;

        var own = _types[name];
        var names = syntax.DescendantNodes().OfType<SimpleNameSyntax>()
            .Where(node => node.Parent is not MemberAccessExpressionSyntax access || access.Expression == node)
            .Select(node => node.Identifier.ValueText)
            .ToHashSet();
        for (var outer = Parent(name); outer is not null; outer = Parent(outer))
            if (_types.TryGetValue(outer, out var types) && types.Except(own).Any(names.Contains))
                yield return outer;
    }

    /// <summary>Returns the longest prefix of a qualified name that is a namespace of this project; null: there is none.</summary>
    private string? Longest(string name)
    {
        for (string? prefix = name; prefix is not null; prefix = Parent(prefix))
            if (_types.ContainsKey(prefix))
                return prefix;
        return null;
    }

    private static string? Parent(string name) => name.LastIndexOf('.') is var dot and > 0 ? name[..dot] : null;
}
