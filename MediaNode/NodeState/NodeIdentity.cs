using System.Security.Cryptography;

namespace Hype.MediaNode.NodeState;

/// <summary>The node's name, and the incarnation that distinguishes one start of its process from the next.</summary>
internal sealed record NodeIdentity(string NodeId)
{
    private const int TokenBytes = 32;

    public Guid Incarnation { get; } = Guid.NewGuid();

    /// <summary>
    /// The token that this incarnation requires for node orders; it sends the token to the control plane when it registers.
    /// </summary>
    public string ControlToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>Never prints the token.</summary>
    public override string ToString() => $"NodeIdentity {{ {NodeId}, {Incarnation} }}";
}
