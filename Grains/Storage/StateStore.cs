
namespace Hype.Grains.Storage;

/// <summary>
/// One write at a time, as grain storage demands, and never more than one waiting: whoever asks while a write runs shares the
/// next one, which stores what is then the newest state.
/// </summary>
internal sealed class StateStore<TState>(IPersistentState<TState> state)
{
    private Task _running = Task.CompletedTask;
    private Task? _queued;

    public TState State => state.State;

    /// <summary>Completes when the state, as it is now or newer, is stored.</summary>
    public Task SaveAsync()
    {
        if (_running.IsCompleted)
            return _running = state.WriteStateAsync();

        return _queued ??= AfterAsync(_running);
    }

    private async Task AfterAsync(Task before)
    {
        // Whoever asked for that write hears of its failure; this one is another try.
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _running = _queued!;
        _queued = null;
        await state.WriteStateAsync();
    }
}
