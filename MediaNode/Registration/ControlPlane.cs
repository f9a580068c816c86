namespace Hype.MediaNode.Registration;

/// <summary>The addresses and the secret through which this node and the control plane connect.</summary>
/// <param name="ListenUrl">The configured URL for node orders; its port may be 0.</param>
/// <param name="Gateways">The gateways to register at, tried in turn; none: this node's own address, because the gateway is this
/// process.</param>
/// <param name="JoinSecret">The secret that gateways require of a node.</param>
internal sealed record ControlPlane(string ListenUrl, IReadOnlyList<string> Gateways, string JoinSecret)
{
    /// <summary>
    /// The time without an answer after which the node leaves a vanished gateway (power, network), if there is another one.
    /// </summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => $"ControlPlane {{ {ListenUrl} }}";
}
