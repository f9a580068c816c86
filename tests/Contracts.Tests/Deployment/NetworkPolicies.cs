using k8s.Models;

namespace Hype.Contracts.Tests.Deployment;

/// <summary>Reads the network policies of a deployment: the peers that may connect to each port of its pods.</summary>
internal static class NetworkPolicies
{
    /// <summary>The peer of a port that no policy closes.</summary>
    public const string Anyone = "anyone";

    /// <summary>The peer of a port that a policy opens to the whole namespace.</summary>
    public const string EveryPod = "every pod";

    private const string Name = "app.kubernetes.io/name";

    /// <summary>
    /// Returns the peers of each port of each pod, as <c>pod port</c>. A pod in its machine's network has none: policies do not apply
    /// there.
    /// </summary>
    public static Dictionary<string, string[]> Peers(IReadOnlyList<object> objects)
    {
        var policies = objects.OfType<V1NetworkPolicy>().Where(policy => policy.Spec.PolicyTypes.Contains("Ingress")).ToArray();
        return Manifests.Pods(objects).Where(found => found.Pod.HostNetwork != true)
            .SelectMany(found => found.Pod.Containers.SelectMany(container => container.Ports ?? []).Select(port => (found.Name, port)))
            .ToDictionary(opened => $"{opened.Name} {opened.port.Name}", opened => Peers(policies, opened.Name, opened.port));
    }

    private static string[] Peers(V1NetworkPolicy[] policies, string pod, V1ContainerPort port)
    {
        var selecting = policies.Where(policy => Selects(policy.Spec.PodSelector, pod)).ToArray();
        if (selecting.Length == 0)
            return [Anyone];
        // Policies only add: a connection is allowed if one rule of one policy allows it.
        return
        [
            .. selecting.SelectMany(policy => policy.Spec.Ingress ?? []).Where(rule => Opens(rule, port))
                .SelectMany(rule => rule.FromProperty is { Count: > 0 } peers ? peers.SelectMany(Describe) : [Anyone])
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Returns true if a rule names the port, its number or a range with its number; a rule without ports opens all.</summary>
    private static bool Opens(V1NetworkPolicyIngressRule rule, V1ContainerPort port) =>
        rule.Ports is not { Count: > 0 } || rule.Ports.Any(opened => opened.Port is null
            || opened.Port.Value == port.Name
            || (int.TryParse(opened.Port.Value, out var first)
                && port.ContainerPort >= first && port.ContainerPort <= (opened.EndPort ?? first)));

    private static IEnumerable<string> Describe(V1NetworkPolicyPeer peer)
    {
        if (peer.IpBlock is { } block)
            return [block.Cidr];
        var pods = peer.PodSelector is { } selector ? PodsOf(selector) : [EveryPod];
        if (peer.NamespaceSelector is not { } namespaces)
            return pods;
        return namespaces.MatchLabels?.TryGetValue("kubernetes.io/metadata.name", out var name) == true
            ? pods.Select(pod => pod == EveryPod ? $"namespace {name}" : $"{pod} of namespace {name}")
            : [Anyone];
    }

    private static bool Selects(V1LabelSelector selector, string pod) =>
        PodsOf(selector).Any(selected => selected == EveryPod || selected == $"pod {pod}");

    private static string[] PodsOf(V1LabelSelector selector)
    {
        if (selector.MatchLabels is not { Count: > 0 } && selector.MatchExpressions is not { Count: > 0 })
            return [EveryPod];
        if (selector.MatchLabels is { Count: 1 } labels && selector.MatchExpressions is not { Count: > 0 })
            return [$"pod {labels[Name]}"];
        return selector.MatchLabels is not { Count: > 0 } && selector.MatchExpressions is [{ Key: Name, OperatorProperty: "In" } names]
            ? [.. names.Values.Select(name => $"pod {name}")]
            : throw new NotSupportedException("a selector of anything but the names of pods");
    }
}
