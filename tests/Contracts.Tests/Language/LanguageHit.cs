namespace Hype.Contracts.Tests.Language;

/// <summary>A place where a <see cref="LanguageRule"/> matches.</summary>
internal sealed record LanguageHit(string Path, int Line, string Rule, string Text)
{
    /// <summary>The folder under which the totals count the hit: the project below <c>tests</c>, otherwise the top folder.</summary>
    public string Area { get; } = AreaOf(Path);

    public override string ToString() => $"{Path}:{Line}: [{Rule}] {Text}";

    private static string AreaOf(string path)
    {
        var parts = path.Split('/');
        return parts is ["tests", _, _, ..] ? $"tests/{parts[1]}" : parts.Length > 1 ? parts[0] : "(root)";
    }
}
