namespace Hype.Grains.Storage;

/// <summary>A stored state that names the activation that wrote it.</summary>
internal interface IWrittenState
{
    /// <summary>The activation that wrote the state (<see cref="StateStore{TState}.Writer"/>).</summary>
    Guid Writer { get; }
}
