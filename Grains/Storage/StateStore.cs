using Orleans.Storage;

namespace Hype.Grains.Storage;

/// <summary>
/// Writes the state of a grain, one write at a time, as grain storage requires. All callers that arrive during a write share the next
/// write, which stores the newest state.
/// </summary>
/// <remarks>
/// A write that failed may still have been committed: the answer was late, or the connection broke. The next write then meets a version
/// that it does not expect. If this activation wrote that version, the store adopts it and writes again.
/// </remarks>
/// <param name="state">The record in grain storage. Between writes, only the store uses it.</param>
/// <param name="take">Returns the state to write, with <see cref="Writer"/> in it. A write calls it once, when it starts.</param>
/// <param name="onWritten">
/// Runs after a write, before any caller continues and before the next write starts, with the stored state; null: the write failed.
/// </param>
internal sealed class StateStore<TState>(IPersistentState<TState> state, Func<TState> take, Action<TState?>? onWritten = null)
    where TState : class, IWrittenState
{
    private Task _running = Task.CompletedTask;
    private Task? _queued;
    private long _requested;
    private long _stored;

    /// <summary>The conflict with the write of another activation, after which nothing is written any longer.</summary>
    private InconsistentStateException? _conflict;

    /// <summary>The name of this activation in its writes.</summary>
    public Guid Writer { get; } = Guid.NewGuid();

    /// <summary>True if the storage holds the state of the newest call of <see cref="SaveAsync"/>.</summary>
    public bool IsStored => _stored == _requested;

    /// <summary>Stores the state of this moment or a newer one, and completes when it is stored.</summary>
    /// <exception cref="InconsistentStateException">Another activation has written.</exception>
    public Task SaveAsync()
    {
        _requested++;
        if (_running.IsCompleted)
            return _running = WriteAsync();
        return _queued ??= AfterAsync(_running);
    }

    private async Task AfterAsync(Task before)
    {
        // A failure of that write is reported to its own callers; this write is another attempt.
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        _running = _queued!;
        _queued = null;
        await WriteAsync();
    }

    private async Task WriteAsync()
    {
        var (request, value) = (_requested, take());
        state.State = value;
        try
        {
            await WriteAsync(value);
        }
        catch
        {
            onWritten?.Invoke(null);
            throw;
        }

        _stored = request;
        onWritten?.Invoke(value);
    }

    private async Task WriteAsync(TState value)
    {
        if (_conflict is not null)
            throw _conflict;
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException exception)
        {
            if (await IsOwnAsync(value))
            {
                await state.WriteStateAsync();
                return;
            }

            // The record has the newest version now, so that the next write would replace the state of the other activation.
            _conflict = exception;
            throw;
        }
    }

    /// <summary>Reads the newest version of the record. Returns true if this activation wrote it.</summary>
    private async Task<bool> IsOwnAsync(TState value)
    {
        try
        {
            await state.ReadStateAsync();
            return state.RecordExists && state.State.Writer == Writer;
        }
        finally
        {
            state.State = value;
        }
    }
}
