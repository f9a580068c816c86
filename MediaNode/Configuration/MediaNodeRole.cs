namespace Hype.MediaNode.Configuration;

/// <summary>Whether the node is a process of its own or a part of the gateway's.</summary>
internal enum MediaNodeRole
{
    Process,
    Embedded,
}
