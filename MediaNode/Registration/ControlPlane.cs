namespace Hype.MediaNode.Registration;

/// <summary>How this node and the control plane find each other.</summary>
/// <param name="ListenUrl">Where this node takes orders, as configured: the port may be 0.</param>
/// <param name="Gateways">Where it registers, tried in turn; none: where it listens, for then the gateway is this very process.</param>
/// <param name="JoinSecret">What the gateways ask of a node.</param>
internal sealed record ControlPlane(string ListenUrl, IReadOnlyList<string> Gateways, string JoinSecret)
{
    /// <summary>After so much silence a gateway that vanished without a word (power, network) is left, when there is another one.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => $"ControlPlane {{ {ListenUrl} }}";
}
