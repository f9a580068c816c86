using System.Xml.Linq;
using Hype.Contracts.Tests.Source;

namespace Hype.Contracts.Tests.Architecture;

/// <summary>A project of the product: one of the folders beside <c>tests</c> that has a project file.</summary>
internal sealed record ProductProject(string Name)
{
    public static readonly ProductProject[] All =
        [.. Directory.EnumerateDirectories(Repository.Root)
            .Select(folder => Path.GetFileName(folder))
            .Where(name => File.Exists(Path.Combine(Repository.Root, name, $"{name}.csproj")))
            .Order(StringComparer.Ordinal)
            .Select(name => new ProductProject(name))];

    public IEnumerable<SourceFile> Files => SourceFile.All.Value.Where(file => file.Area == Name && file.Is("cs"));

    /// <summary>The names of the projects that the project file references.</summary>
    public IEnumerable<string> References =>
        from reference in XDocument.Parse(Repository.Read($"{Name}/{Name}.csproj")).Descendants("ProjectReference")
        select Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));

    public override string ToString() => Name;
}
