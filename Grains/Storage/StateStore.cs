
namespace Hype.Grains.Storage;

/// <summary>
/// Writes the state of a grain, one write at a time, as grain storage requires. All callers that arrive during a write share the next
/// write, which stores the newest state.
/// </summary>
internal sealed class StateStore<TState>(IPersistentState<TState> state)
{
    private Task _running = Task.CompletedTask;
    private Task? _queued;

    public TState State => state.State;

    /// <summary>Stores the state of this moment or a newer one, and completes when it is stored.</summary>
    public Task SaveAsync()
    {
        if (_running.IsCompleted)
            return _running = state.WriteStateAsync();
        return _queued ??= AfterAsync(_running);
    }

    private async Task AfterAsync(Task before)
    {
        // A failure of that write is reported to its own callers; this write is another attempt.
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _running = _queued!;
        _queued = null;
        await state.WriteStateAsync();
    }
}
