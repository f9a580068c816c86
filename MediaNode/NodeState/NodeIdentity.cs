using System.Security.Cryptography;

namespace Hype.MediaNode.NodeState;

/// <summary>Who this node is: its name, and the incarnation that tells one start of its process from the next.</summary>
internal sealed record NodeIdentity(string NodeId)
{
    private const int TokenBytes = 32;

    public Guid Incarnation { get; } = Guid.NewGuid();

    /// <summary>What this incarnation asks of whoever gives it orders: told to the control plane when it registers, and to nobody else.</summary>
    public string ControlToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>Never prints the token.</summary>
    public override string ToString() => $"NodeIdentity {{ {NodeId}, {Incarnation} }}";
}
