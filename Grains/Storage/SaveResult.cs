namespace Hype.Grains.Storage;

/// <summary>The result of an attempt to store the state of a grain.</summary>
internal enum SaveResult
{
    Stored,

    /// <summary>The storage has not confirmed the write. The state is written again.</summary>
    NotStored,

    /// <summary>Another activation of the grain has written. This activation ends, and stores nothing any longer.</summary>
    Superseded,
}
