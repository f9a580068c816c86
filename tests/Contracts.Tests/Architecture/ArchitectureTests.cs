using Hype.Contracts.Tests.Source;

namespace Hype.Contracts.Tests.Architecture;

/// <summary>Tests that projects and namespaces depend on each other in one direction, and that namespaces equal folders.</summary>
public sealed class ArchitectureTests
{
    /// <summary>
    /// The projects of the product, lowest layer first, each with the projects that it references. All of these are in lower layers.
    /// </summary>
    private static readonly (string Project, string[] References)[] Layers =
    [
        ("Grains.Abstractions", []),
        ("Hosting", []),
        ("HealthProbe", []),
        ("Cli", []),
        ("Clustering", ["Grains.Abstractions", "Hosting"]),
        ("Grains", ["Grains.Abstractions", "Hosting"]),
        ("Silo", ["Clustering", "Grains"]),
        ("MediaNode", ["Hosting"]),
        // Silo and MediaNode only for the embedded mode: see the test below.
        ("Gateway", ["Clustering", "Grains.Abstractions", "Hosting", "MediaNode", "Silo"]),
    ];

    /// <summary>The only files of the gateway that may name the silo or the media node.</summary>
    private static readonly string[] EmbeddedMode = ["Gateway/Hosting/EmbeddedMode.cs"];

    /// <summary>
    /// The exceptions: pairs of namespaces that depend on each other, each with its reason. Remove pairs from this list, but never add
    /// one.
    /// </summary>
    private static readonly (string First, string Second, string Reason)[] Allowed =
    [
        (
            "Hype.Grains.Channels.Endpoints", "Hype.Grains.Channels.Layouts",
            "a layout holds the state of its endpoints, and the planner assigns endpoints to the rooms of the layouts"),
        (
            "Hype.MediaNode.Cascade", "Hype.MediaNode.Rooms",
            "a room owns its cascade and reads it for each packet; an interface between them would cost virtual calls"),
    ];

    /// <summary>
    /// The lowest allowed number of namespaces in the product, because a merge of two folders would only hide the dependency between them.
    /// </summary>
    private const int FewestNamespaces = 85;

    private static readonly Lazy<Dictionary<string, NamespaceGraph>> Graphs = new(() =>
        ProductProject.All.ToDictionary(project => project.Name, project => new NamespaceGraph(project.Files)));

    [TestCaseSource(typeof(ProductProject), nameof(ProductProject.All))]
    public void Project_references_only_projects_of_lower_layers(object project)
    {
        var product = (ProductProject)project;
        var at = Array.FindIndex(Layers, layer => layer.Project == product.Name);
        Assert.That(at, Is.GreaterThanOrEqualTo(0), "add the project to the layers");
        Assert.That(product.References, Is.EquivalentTo(Layers[at].References));
        Assert.That(Layers[at].References, Is.SubsetOf(Layers[..at].Select(layer => layer.Project)));
    }

    [Test]
    public void Only_the_embedded_mode_of_the_gateway_uses_the_silo_and_the_media_node()
    {
        string[] hosted = ["Hype.Silo", "Hype.MediaNode"];
        var files =
            from file in SourceFile.All.Value
            where file.Area == "Gateway" && file.Is("cs")
            let names = file.Syntax.Usings.Select(directive => $"{directive.NamespaceOrType}.")
            where names.Any(name => hosted.Any(project => name.StartsWith($"{project}.", StringComparison.Ordinal)))
            select file.Path;
        Assert.That(files, Is.EqualTo(EmbeddedMode));
    }

    [Test]
    public void Namespace_of_a_source_file_equals_the_path_of_the_folder()
    {
        var wrong = from project in SourceFile.All.Value.Where(file => file.Is("cs"))
                    let name = NamespaceGraph.NamespaceOf(project.Syntax)
                    let area = project.Area.StartsWith("tests/", StringComparison.Ordinal) ? project.Area["tests/".Length..] : project.Area
                    let expected = $"Hype.{area}{project.Folder[project.Area.Length..].Replace('/', '.')}"
                    where name is not null && name != expected
                    select $"{project.Path}: {name}, but must be {expected}";
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Namespaces_have_no_mutual_dependency_except_the_listed_pairs()
    {
        var pairs = Graphs.Value.Values.SelectMany(graph => graph.MutualPairs).ToList();
        var allowed = Allowed.Select(pair => (pair.First, pair.Second)).ToList();
        Assert.That(
            pairs.Except(allowed).Select(pair => $"(\"{pair.First}\", \"{pair.Second}\", \"\"),"),
            Is.Empty,
            "move the type that both need to one of them, or below both");
        Assert.That(allowed.Except(pairs), Is.Empty, "no longer mutual: remove these from the list");
        Assert.That(Allowed.Where(pair => pair.Reason.Length < 10), Is.Empty, "each pair needs its reason");
    }

    [Test]
    public void Number_of_namespaces_found_in_the_sources_is_not_below_the_expected_minimum() =>
        Assert.That(Graphs.Value.Values.Sum(graph => graph.Namespaces.Count()), Is.GreaterThanOrEqualTo(FewestNamespaces));
}
