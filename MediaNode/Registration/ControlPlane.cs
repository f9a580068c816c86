namespace Hype.MediaNode.Registration;

/// <summary>
/// The configuration of the connection to the control plane: the URL at which this node listens for orders, the gateways at which it
/// registers, and the join secret.
/// </summary>
/// <param name="ListenUrl">The configured URL for node orders; its port may be 0.</param>
/// <param name="Gateways">The gateways to register at, tried in turn; none: this node's own address, because the gateway is this
/// process.</param>
/// <param name="JoinSecret">The secret with which this node registers: the join secret, or its own credential.</param>
internal sealed record ControlPlane(string ListenUrl, IReadOnlyList<string> Gateways, string JoinSecret)
{
    /// <summary>
    /// The time without an acknowledgement after which the node changes to another gateway, because the current one has lost its power or
    /// network.
    /// </summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Returns the listening URL only, so that no log contains the join secret.</summary>
    public override string ToString() => $"ControlPlane {{ {ListenUrl} }}";
}
