namespace Hype.EndToEnd.Tests.Testing;

/// <summary>Paths in the repository's working copy in which the tests were built.</summary>
internal static class RepositoryPaths
{
    public static string Root { get; } = FindRoot();

    /// <summary>Creates a folder for results of a test run under <c>artifacts</c>, which git ignores, and returns its path.</summary>
    public static string Artifacts(string folder) => Directory.CreateDirectory(Path.Combine(Root, "artifacts", folder)).FullName;

    /// <summary>Returns the path of a source file of the project EndToEnd.Tests.</summary>
    public static string InProject(params string[] path) => Path.Combine([Root, "tests", "EndToEnd.Tests", .. path]);

    /// <summary>The path of the gateway's assembly, built in the same configuration as this test.</summary>
    public static string GatewayAssembly => AssemblyOf("Gateway");

    /// <summary>Returns the path of a process's assembly, built in the same configuration as this test.</summary>
    /// <param name="project">The project of the process: <c>Gateway</c>, <c>Silo</c> or <c>MediaNode</c>.</param>
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
