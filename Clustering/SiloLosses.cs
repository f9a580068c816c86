namespace Hype.Clustering;

/// <summary>
/// Announces to the calls of this client that a connection to a silo ended: a killed silo resets it, and Orleans closes it when a silo
/// that no longer answers was declared dead.
/// </summary>
public sealed class SiloLosses
{
    private TaskCompletionSource _next = NewSignal();

    /// <summary>Completes when the next connection to a silo ends.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Report() => Interlocked.Exchange(ref _next, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
