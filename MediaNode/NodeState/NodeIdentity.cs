using System.Security.Cryptography;

namespace Hype.MediaNode.NodeState;

/// <summary>The identity of a node: its name, and the incarnation, which distinguishes one start of its process from the next.</summary>
internal sealed record NodeIdentity(string NodeId)
{
    private const int TokenBytes = 32;

    public Guid Incarnation { get; } = Guid.NewGuid();

    /// <summary>
    /// The secret token that node orders for this incarnation must carry. The node sends it to the control plane when it registers.
    /// </summary>
    public string ControlToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>Returns the node's name and incarnation only, so that no log contains the token.</summary>
    public override string ToString() => $"NodeIdentity {{ {NodeId}, {Incarnation} }}";
}
