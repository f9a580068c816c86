namespace Hype.MediaNode.Control;

/// <summary>Who this node is: its name, and the incarnation that tells one start of its process from the next.</summary>
internal sealed record NodeIdentity(string NodeId)
{
    public Guid Incarnation { get; } = Guid.NewGuid();
}
