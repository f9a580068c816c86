using k8s.Models;

namespace Hype.Contracts.Tests.Deployment;

/// <summary>
/// Tests that the manifests in deploy/k8s have only fields of the Kubernetes API, and that each process accepts the configuration that the
/// manifests give it.
/// </summary>
public sealed class KubernetesTests
{
    private static readonly Dictionary<string, string> Secret =
        EnvironmentFile.Fill(Path.Combine(Manifests.Folder, "secret.env.example"), _ => new string('s', 64));

    [TestCaseSource(typeof(Manifests), nameof(Manifests.Files))]
    public void Manifest_has_only_fields_of_the_Kubernetes_API(string file) =>
        Assert.That(Manifests.Load(Repository.Read(file)), Is.Not.Empty);

    [Test]
    public void Unknown_field_in_a_manifest_is_reported() =>
        Assert.That(() => Manifests.Load(Repository.Read(Path.Combine(Manifests.Folder, "base", "silo.yaml"))
            .Replace("livenessProbe:", "livelinessProbe:", StringComparison.Ordinal)), Throws.Exception);

    [TestCaseSource(typeof(Manifests), nameof(Manifests.Overlays))]
    public void Environment_of_each_container_is_a_valid_configuration(string overlay)
    {
        var objects = Manifests.Render(overlay);
        foreach (var process in Process.All)
        {
            var (_, pod) = Manifests.Pods(objects)
                .Single(found => found.Pod.Containers.Any(container => Process.Of(container.Image) == process));
            Assert.That(process.Errors(Environment(pod.Containers.Single(), objects)), Is.Empty, process.Image);
        }
    }

    [TestCaseSource(typeof(Manifests), nameof(Manifests.Overlays))]
    public void Container_is_unprivileged_with_a_read_only_file_system_and_a_memory_limit(string overlay)
    {
        foreach (var (name, pod) in Manifests.Pods(Manifests.Render(overlay)))
        {
            Assert.That(pod.SecurityContext, Has.Property("RunAsNonRoot").True, name);
            Assert.That(pod.SecurityContext.RunAsUser, Is.Positive, name);
            Assert.That(pod.SecurityContext.SeccompProfile.Type, Is.EqualTo("RuntimeDefault"), name);
            foreach (var container in pod.Containers.Concat(pod.InitContainers ?? []))
            {
                Assert.That(container.SecurityContext, Has.Property("ReadOnlyRootFilesystem").True, container.Name);
                Assert.That(container.SecurityContext, Has.Property("AllowPrivilegeEscalation").False, container.Name);
                Assert.That(container.SecurityContext.Capabilities.Drop, Is.EqualTo(["ALL"]), container.Name);
                Assert.That(container.Resources.Limits, Does.ContainKey("memory"), container.Name);
                Assert.That(container.Resources.Requests, Does.ContainKey("cpu").And.ContainKey("memory"), container.Name);
            }
        }
    }

    [TestCaseSource(typeof(Manifests), nameof(Manifests.Overlays))]
    public void Ports_of_probes_and_services_and_pods_of_disruption_budgets_exist(string overlay)
    {
        var objects = Manifests.Render(overlay);
        foreach (var (name, pod) in Manifests.Pods(objects))
        {
            foreach (var container in pod.Containers)
            {
                foreach (var probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.Where(
                    probe => probe?.HttpGet is not null))
                    Assert.That(container.Ports.Select(port => port.Name), Does.Contain(probe!.HttpGet.Port.Value), name);
            }
        }

        foreach (var service in objects.OfType<V1Service>())
        {
            var pod = Manifests.Pods(objects).Single(found => service.Spec.Selector["app.kubernetes.io/name"] == found.Name).Pod;
            Assert.That(service.Spec.Ports.Select(port => port.TargetPort.Value),
                Is.SubsetOf(pod.Containers.Single().Ports.Select(port => port.Name)), service.Metadata.Name);
        }

        foreach (var budget in objects.OfType<V1PodDisruptionBudget>())
            Assert.That(Manifests.Pods(objects)
                .Select(found => found.Name), Does.Contain(budget.Spec.Selector.MatchLabels["app.kubernetes.io/name"]));
    }

    [TestCaseSource(typeof(Manifests), nameof(Manifests.Overlays))]
    public void Only_the_init_container_that_reads_the_external_address_has_a_token_of_Kubernetes(string overlay)
    {
        var objects = Manifests.Render(overlay);
        var holders = new List<string>();
        foreach (var (name, pod) in Manifests.Pods(objects))
        {
            Assert.That(pod.AutomountServiceAccountToken, Is.False, name);
            var tokens = (pod.Volumes ?? [])
                .Where(volume => volume.Projected?.Sources.Any(source => source.ServiceAccountToken is not null) == true)
                .Select(volume => volume.Name)
                .ToArray();
            holders.AddRange(pod.Containers.Concat(pod.InitContainers ?? [])
                .Where(container => container.VolumeMounts?.Any(mount => tokens.Contains(mount.Name)) == true)
                .Select(container => container.Name));
        }

        Assert.That(holders, Is.EqualTo(overlay == Manifests.ExternalAddress ? new[] { "external-address" } : []));
    }

    [Test]
    public void External_address_of_the_machine_reaches_the_media_node_and_its_account_may_only_read_machines()
    {
        var objects = Manifests.Render(Manifests.ExternalAddress);
        var (_, pod) = Manifests.Pods(objects).Single(found => found.Name == "media-node");
        var settings = pod.Containers.Single().VolumeMounts.Single(mount => mount.Name == "settings");
        Assert.That(settings.MountPath, Is.EqualTo("/app/appsettings.Production.json"));
        Assert.That(pod.InitContainers.Single().Args.Single(), Does.Contain($"/settings/{settings.SubPath}"));

        var binding = objects.OfType<V1ClusterRoleBinding>().Single();
        Assert.That(
            binding.Subjects.Select(subject => (subject.Kind, subject.Name, subject.NamespaceProperty)),
            Is.EqualTo(new[] { ("ServiceAccount", pod.ServiceAccountName, "hype") }));
        Assert.That(objects.OfType<V1ServiceAccount>().Select(account => account.Metadata.Name), Is.EqualTo([pod.ServiceAccountName]));
        var role = objects.OfType<V1ClusterRole>().Single(role => role.Metadata.Name == binding.RoleRef.Name);
        Assert.That(role.Rules.SelectMany(rule => rule.Resources.Concat(rule.Verbs)), Is.EqualTo(["nodes", "get"]));
    }

    /// <summary>Tests that the grace period before a pod is killed covers the whole shutdown of its process.</summary>
    [Test]
    public void Grace_period_of_a_pod_covers_the_shutdown_of_its_process()
    {
        var pods = Manifests.Files.Where(file => file.Contains("base", StringComparison.Ordinal))
            .SelectMany(file => Manifests.Pods(Manifests.Load(Repository.Read(file)))).ToDictionary(pod => pod.Name, pod => pod.Pod);
        var hostShutdown = TimeSpan.FromSeconds(30); // ASP.NET Core's default
        Assert.That(Grace("media-node"), Is.GreaterThan(new Hype.MediaNode.Configuration.MediaNodeOptions().DrainTimeout));
        Assert.That(Grace("silo"), Is.GreaterThan(TimeSpan.FromSeconds(25)));
        Assert.That(Grace("gateway"),
            Is.GreaterThan(hostShutdown + TimeSpan.FromSeconds(pods["gateway"].Containers[0].Lifecycle.PreStop.Sleep.Seconds)));

        TimeSpan Grace(string name) => TimeSpan.FromSeconds(pods[name].TerminationGracePeriodSeconds!.Value);
    }

    /// <summary>Builds the environment of a container as the kubelet does: resolves references and replaces <c>$(NAME)</c>.</summary>
    private static Dictionary<string, string> Environment(V1Container container, IReadOnlyList<object> objects)
    {
        var environment = new Dictionary<string, string>();
        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var (name, value) in objects.OfType<V1ConfigMap>().Single(map => map.Metadata.Name == source.ConfigMapRef.Name).Data)
                environment[name] = value;
        }

        foreach (var variable in container.Env)
        {
            environment[variable.Name] = variable.ValueFrom switch
            {
                null => environment.Aggregate(
                    variable.Value, (text, known) => text.Replace($"$({known.Key})", known.Value, StringComparison.Ordinal)),
                { SecretKeyRef: { Name: "hype" } secret } => Secret[secret.Key],
                { FieldRef.FieldPath: "status.podIP" or "status.hostIP" } => "10.1.2.3",
                { FieldRef.FieldPath: "spec.nodeName" } => "machine-1",
                _ => throw new InvalidOperationException($"unknown source of {variable.Name}"),
            };
        }

        // A file of the secret hype-nodes has the credential of the machine's node.
        if (container.VolumeMounts.Any(mount => mount.SubPathExpr == "$(Hype__MediaNode__NodeId).json"))
            environment["Hype__MediaNode__JoinSecret"] = new string('s', 64);
        return environment;
    }
}
