namespace Hype.MediaNode.Configuration;

/// <summary>The form in which a media node runs: as a process of its own, or as a part of a gateway.</summary>
internal enum MediaNodeRole
{
    Process,
    Embedded,
}
