using System.ComponentModel;
using k8s;
using k8s.Models;

namespace Hype.Contracts.Tests.Deployment;

/// <summary>Reads the Kubernetes objects below deploy/k8s strictly: a field that the API does not have is an error.</summary>
internal static class Manifests
{
    public const string ExternalAddress = "overlays/one-region with external-address";

    public static readonly string Folder = Path.Combine("deploy", "k8s");

    public static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder), "*.yaml", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => Path.GetFileName(path) != "kustomization.yaml")
            .Order(),
    ];

    /// <summary>The overlays, and the one of a single region with the component that it only mentions.</summary>
    public static readonly string[] Overlays =
    [
        ExternalAddress,
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder, "overlays"), "kustomization.yaml", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(path)!))
            .Where(path => !File.ReadAllText(Path.Combine(Repository.Root, path, "kustomization.yaml"))
                .Contains("kind: Component", StringComparison.Ordinal))
            .Order(),
    ];

    public static IReadOnlyList<object> Load(string yaml) => KubernetesYaml.LoadAllFromString(yaml, strict: true);

    /// <summary>Returns the objects that <c>kubectl apply --kustomize</c> would send.</summary>
    public static IReadOnlyList<object> Render(string overlay)
    {
        if (overlay != ExternalAddress)
            return Load(Kustomize(overlay));
        var copy = Directory.CreateTempSubdirectory("hype-manifests-");
        try
        {
            return Load(Kustomize(WithExternalAddress(copy.FullName)));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    public static IEnumerable<(string Name, V1PodSpec Pod)> Pods(IEnumerable<object> objects) => objects.Select(item => item switch
    {
        V1Deployment deployment => (deployment.Metadata.Name, deployment.Spec.Template.Spec),
        V1StatefulSet set => (set.Metadata.Name, set.Spec.Template.Spec),
        _ => ("", null!),
    }).Where(pod => pod.Item2 is not null);

    private static string Kustomize(string folder)
    {
        try
        {
            var (code, output) = Command.Run("kubectl", "kustomize", folder);
            Assert.That(code, Is.Zero, output);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Ignore(
                "kubectl is not installed, and Debian 12 has only one that is too old for these overlays; each "
                    + "file by itself is still checked");
            return "";
        }
    }

    /// <summary>
    /// Copies the manifests, removes the comment sign before the component as an operator would, and returns the overlay's folder.
    /// </summary>
    private static string WithExternalAddress(string copy)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder), "*.yaml", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Path.Combine(Repository.Root, Folder), path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }

        var overlay = Path.Combine(copy, "overlays", "one-region");
        var file = Path.Combine(overlay, "kustomization.yaml");
        var text = File.ReadAllText(file);
        Assert.That(text, Does.Contain("  # - ../../components/external-address"));
        File.WriteAllText(file, text.Replace("  # - ../../components/", "  - ../../components/", StringComparison.Ordinal));
        return overlay;
    }
}
