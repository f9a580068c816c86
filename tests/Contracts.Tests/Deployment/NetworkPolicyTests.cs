namespace Hype.Contracts.Tests.Deployment;

/// <summary>Tests that the network policies of each overlay open each port to its users alone.</summary>
public sealed class NetworkPolicyTests
{
    private static readonly Dictionary<string, string[]> OneRegion = new()
    {
        ["silo silo"] = ["pod silo"],
        ["silo clients"] = ["pod gateway"],
        ["silo health"] = ["namespace monitoring"],
        ["gateway http"] = ["namespace ingress-nginx"],
        ["gateway nodes"] = ["10.0.0.0/16"],
        ["gateway metrics"] = ["namespace monitoring"],
        ["redis redis"] = ["pod gateway", "pod silo"],
        ["postgres postgres"] = ["pod silo"],
    };

    // Machines: 10.1 to 10.3. Pods: 10.11 to 10.13, where only the silos and gateways have a certificate of the cluster.
    private static readonly Dictionary<string, string[]> ThreeRegions = new()
    {
        ["silo silo"] = ["10.11.0.0/16", "10.12.0.0/16", "10.13.0.0/16", "pod gateway", "pod silo"],
        ["silo clients"] = ["10.11.0.0/16", "10.12.0.0/16", "10.13.0.0/16", "pod gateway", "pod silo"],
        ["silo health"] = ["namespace monitoring"],
        ["gateway http"] = ["namespace ingress-nginx"],
        ["gateway nodes"] = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"],
        ["gateway metrics"] = ["namespace monitoring"],
    };

    [TestCaseSource(typeof(Manifests), nameof(Manifests.Overlays))]
    public void Each_port_is_open_to_its_users_alone(string overlay) =>
        Assert.That(
            NetworkPolicies.Peers(Manifests.Render(overlay)),
            Is.EquivalentTo(overlay.Contains("three-regions", StringComparison.Ordinal) ? ThreeRegions : OneRegion));

    [TestCase("", new[] { NetworkPolicies.Anyone }, Description = "no policy selects the pod")]
    [TestCase("{ podSelector: {} }", new string[0], Description = "a policy without rules closes every port")]
    [TestCase("{ podSelector: {}, ingress: [{}] }", new[] { NetworkPolicies.Anyone })]
    [TestCase("{ podSelector: {}, ingress: [{ ports: [{ port: silo }] }] }", new[] { NetworkPolicies.Anyone })]
    [TestCase("{ podSelector: {}, ingress: [{ ports: [{ port: 11000, endPort: 12000 }] }] }", new[] { NetworkPolicies.Anyone })]
    [TestCase("{ podSelector: {}, ingress: [{ ports: [{ port: 11110 }] }] }", new string[0], Description = "another port")]
    [TestCase("{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }", new[] { NetworkPolicies.EveryPod })]
    [TestCase("{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }", new[] { NetworkPolicies.Anyone })]
    [TestCase("{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }", new[] { "0.0.0.0/0" })]
    public void Rule_that_opens_a_port_is_found(string policy, string[] peers)
    {
        var pod = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: silo }
            spec:
              selector: {}
              template:
                spec:
                  containers:
                    - name: silo
                      ports: [{ name: silo, containerPort: 11111 }]
            """;
        var yaml = policy.Length == 0 ? pod : $$"""
            {{pod}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: any }
            spec: {{policy[..^1]}}, policyTypes: [Ingress] }
            """;
        Assert.That(NetworkPolicies.Peers(Manifests.Load(yaml))["silo silo"], Is.EqualTo(peers));
    }
}
