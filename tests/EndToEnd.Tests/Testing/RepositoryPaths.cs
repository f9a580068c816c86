namespace Hype.EndToEnd.Tests.Testing;

/// <summary>Paths in the working copy in which this test was built.</summary>
internal static class RepositoryPaths
{
    public static string Root { get; } = FindRoot();

    /// <summary>A git-ignored folder for the results of a run.</summary>
    public static string Artifacts(string folder) => Directory.CreateDirectory(Path.Combine(Root, "artifacts", folder)).FullName;

    /// <summary>A source file of this project.</summary>
    public static string InProject(params string[] path) => Path.Combine([Root, "tests", "EndToEnd.Tests", .. path]);

    /// <summary>The gateway, built in the same configuration as this test.</summary>
    public static string GatewayAssembly => AssemblyOf("Gateway");

    /// <param name="project">One of the processes: <c>Gateway</c>, <c>Silo</c>, <c>MediaNode</c>.</param>
    public static string AssemblyOf(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory); // …/bin/<configuration>/<framework>
        var path = Path.Combine(Root, project, "bin", output.Parent!.Name, output.Name, $"Hype.{project}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} is not built: {path}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hype.Orleans.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No Hype.Orleans.sln above {AppContext.BaseDirectory}.");
    }
}
