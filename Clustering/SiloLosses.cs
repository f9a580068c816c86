namespace Hype.Clustering;

/// <summary>
/// Announces to the calls of this client that a silo was lost: its connection to a silo ended, which a killed silo resets, or the list of
/// silos does not contain a silo any longer (<see cref="SiloListWatch"/>), which need not be one that this client is connected to.
/// </summary>
public sealed class SiloLosses
{
    private TaskCompletionSource _next = NewSignal();

    /// <summary>Completes when the next silo is lost.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Report() => Interlocked.Exchange(ref _next, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
