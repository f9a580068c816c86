using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Deployment;

/// <summary>Tests that images do not run as root, check their health, stop on SIGTERM, and have all their sources.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Stages = [.. Process.All.Select(process => process.Stage)];

    [TestCaseSource(nameof(Stages))]
    public void Image_does_not_run_as_root(string stage) =>
        Assert.That(Last(stage, "USER "), Does.Match(@"^USER [1-9]\d*$"), "a number, so that Kubernetes can see that it is not root");

    [TestCaseSource(nameof(Stages))]
    public void Stop_signal_of_an_image_is_SIGTERM(string stage) =>
        Assert.That(Last(stage, "STOPSIGNAL "), Is.EqualTo("STOPSIGNAL SIGTERM"));

    [TestCaseSource(nameof(Stages))]
    public void Health_check_of_an_image_uses_a_port_on_which_the_process_listens(string stage)
    {
        var port = new Uri(Last(stage, "HEALTHCHECK ").Split('"')[^2]).Port;
        Assert.That(Dockerfile.Environment(stage).Where(variable => variable.Key.EndsWith("Url", StringComparison.Ordinal))
            .Select(variable => variable.Value), Does.Contain($"http://*:{port}"));
    }

    /// <summary>Tests that no shell stands between the container and the process, because only the process drains on the signal.</summary>
    [TestCaseSource(nameof(Stages))]
    public void Entry_point_starts_the_process_without_a_shell(string stage) =>
        Assert.That(Last(stage, "ENTRYPOINT "), Does.StartWith("ENTRYPOINT [\"dotnet\", \"Hype."));

    [Test]
    public void All_sources_of_the_images_are_in_the_build_context()
    {
        var kept = Repository.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!') && !line.Contains('*'))
            .Select(line => line[1..]).ToArray();
        Assert.That(
            kept.Where(path => !Path.Exists(Path.Combine(Repository.Root, path))),
            Is.Empty,
            ".dockerignore includes paths that do not exist");
        var projects = new[] { "Silo/Silo.csproj", "Gateway/Gateway.csproj", "MediaNode/MediaNode.csproj",
            "HealthProbe/HealthProbe.csproj" }.SelectMany(WithReferences).Distinct();
        Assert.That(projects.Select(project => Path.GetDirectoryName(project)!).Except(kept), Is.Empty, "add these to .dockerignore");
    }

    private static IEnumerable<string> WithReferences(string project) =>
        Reference().Matches(Repository.Read(project))
            .Select(match => Path.GetRelativePath(
                Repository.Root, Path.GetFullPath(match.Groups[1].Value, Path.Combine(Repository.Root, Path.GetDirectoryName(project)!))))
            .SelectMany(WithReferences)
            .Prepend(project);

    private static string Last(string stage, string instruction) =>
        Dockerfile.Stage(stage).LastOrDefault(line => line.StartsWith(instruction, StringComparison.Ordinal)) ?? "";

    [GeneratedRegex("<ProjectReference Include=\"([^\"]+)\"")]
    private static partial Regex Reference();
}
