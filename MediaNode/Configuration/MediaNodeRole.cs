namespace Hype.MediaNode.Configuration;

/// <summary>The role of a media node: a process of its own, or a part of a gateway.</summary>
internal enum MediaNodeRole
{
    Process,
    Embedded,
}
