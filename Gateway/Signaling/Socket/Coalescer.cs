namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// Executes a command at most once per interval. Requests that come faster are merged into one execution at the end of the interval, so a
/// flood of them costs no more than a few. All members are called in the session's turn.
/// </summary>
/// <param name="interval">The shortest time between two executions.</param>
/// <param name="execute">Executes the command with the newest state.</param>
/// <param name="enqueue">Executes a delayed command in the session's turn; it returns at once.</param>
internal sealed class Coalescer(
    TimeSpan interval, TimeProvider time, Func<Task<CommandOutcome>> execute, Action<Func<Task<CommandOutcome>>> enqueue) : IDisposable
{
    private ITimer? _timer;
    private long? _executedAt;

    /// <summary>True while a delayed execution is due, which covers every request until then.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Executes the command now, or delays it until the interval has passed.</summary>
    public Task<CommandOutcome> RequestAsync()
    {
        if (IsWaiting)
            return Task.FromResult(CommandOutcome.Done);
        var wait = _executedAt is { } at ? interval - time.GetElapsedTime(at) : TimeSpan.Zero;
        if (wait <= TimeSpan.Zero)
            return ExecuteAsync();
        IsWaiting = true;
        _timer ??= time.CreateTimer(_ => enqueue(ExecuteAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
        return Task.FromResult(CommandOutcome.Done);
    }

    public void Dispose() => _timer?.Dispose();

    private Task<CommandOutcome> ExecuteAsync()
    {
        (IsWaiting, _executedAt) = (false, time.GetTimestamp());
        return execute();
    }
}
