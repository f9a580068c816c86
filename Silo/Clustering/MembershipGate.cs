using Hype.Grains.Silos;

namespace Hype.Silo.Clustering;

/// <summary>
/// Holds back the answers of this silo while other silos may have declared it dead. A silo that did not run for
/// <see cref="LongestPause"/> (a suspended process, a stalled machine) closes its gate before it executes anything else; only a reading of
/// the membership table that began afterwards opens the gate. A silo that is dead in the table never answers again.
/// </summary>
internal sealed class MembershipGate : IMembershipGate
{
    private readonly TimeProvider _time;
    private readonly Lock _sync = new();
    private TaskCompletionSource<bool> _opened = Opened();
    private TaskCompletionSource _closed = NewSignal();
    private long _lastTick;
    private long _lastWallTick;
    private long _closedAt;
    private long _confirmedAt;
    private bool _isConfirmed;

    public MembershipGate(FailureDetection detection, TimeProvider time)
    {
        (_time, LongestPause, Silence) = (time, detection.LongestPause, detection.Silence);
        Touch();
    }

    /// <summary>Shorter than the silence after which other silos declare this one dead.</summary>
    public TimeSpan LongestPause { get; }

    /// <summary>The silence after which other silos declare this one dead.</summary>
    public TimeSpan Silence { get; }

    /// <summary>The length of the pause after which the gate closed last, by the monotonic clock.</summary>
    public TimeSpan LastPause { get; private set; }

    /// <summary>
    /// The time by which that pause was longer by the wall clock: the machine was suspended, or its clock was corrected.
    /// </summary>
    public TimeSpan LastSuspension { get; private set; }

    /// <summary>True if a reading that began within <see cref="Silence"/> has shown this silo as a member.</summary>
    public bool IsConfirmed => Volatile.Read(ref _isConfirmed) && _time.GetElapsedTime(Interlocked.Read(ref _confirmedAt)) < Silence;

    /// <summary>The time for which the gate has been closed; zero if it is open.</summary>
    public TimeSpan ClosedFor
    {
        get
        {
            lock (_sync)
                return _opened.Task is { IsCompletedSuccessfully: true, Result: true } ? TimeSpan.Zero : _time.GetElapsedTime(_closedAt);
        }
    }

    /// <summary>Completes when the gate closes: the table must be read.</summary>
    public Task Closed
    {
        get
        {
            lock (_sync)
                return _closed.Task;
        }
    }

    /// <summary>
    /// Returns true if this silo may answer. It also notices a pause that has just ended, before the thread that calls
    /// <see cref="Tick"/> runs again.
    /// </summary>
    public bool IsOpen()
    {
        if (IsLate())
            Close();
        return Volatile.Read(ref _opened).Task is { IsCompletedSuccessfully: true, Result: true };
    }

    /// <summary>Waits until the table shows this silo as a member. Returns false if the silo is dead.</summary>
    public ValueTask<bool> PassAsync() => IsOpen() ? ValueTask.FromResult(true) : new ValueTask<bool>(WaitAsync());

    /// <summary>Records that the process runs. A dedicated thread calls it several times per <see cref="LongestPause"/>.</summary>
    public void Tick()
    {
        if (IsLate())
            Close();
        else
            Touch();
    }

    /// <summary>Records that the table shows this silo as a member.</summary>
    /// <param name="askedAt">The timestamp at which the reading began.</param>
    public void Confirm(long askedAt)
    {
        // A pause during the reading makes it useless.
        if (IsLate())
            Close();
        lock (_sync)
        {
            if (askedAt < _closedAt)
                return;
            Interlocked.Exchange(ref _confirmedAt, askedAt);
            Volatile.Write(ref _isConfirmed, true);
            if (_opened.Task.IsCompleted)
                return;
            _closed = NewSignal();
            _opened.SetResult(true);
        }
    }

    /// <summary>Closes the gate permanently: the silo is not a member of the cluster any longer.</summary>
    public void Lose()
    {
        lock (_sync)
        {
            if (_opened.Task.IsCompleted)
                _opened = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _closedAt = _time.GetTimestamp();
            _opened.SetResult(false);
        }
    }

    /// <summary>Another pause may close the gate before the caller runs.</summary>
    private async Task<bool> WaitAsync()
    {
        while (!IsOpen())
        {
            if (!await Volatile.Read(ref _opened).Task)
                return false;
        }

        return true;
    }

    private void Touch()
    {
        Interlocked.Exchange(ref _lastWallTick, _time.GetUtcNow().Ticks);
        Interlocked.Exchange(ref _lastTick, _time.GetTimestamp());
    }

    /// <summary>
    /// Returns whether the last tick is too old. The wall clock counts too: the monotonic clock stands still while a machine is suspended.
    /// A correction of the wall clock costs one reading of the table.
    /// </summary>
    private bool IsLate()
    {
        var (pause, suspension) = SinceTick();
        return pause + suspension >= LongestPause;
    }

    private (TimeSpan Pause, TimeSpan Suspension) SinceTick()
    {
        var pause = _time.GetElapsedTime(Interlocked.Read(ref _lastTick));
        var wall = TimeSpan.FromTicks(_time.GetUtcNow().Ticks - Interlocked.Read(ref _lastWallTick));
        return (pause, wall > pause ? wall - pause : TimeSpan.Zero);
    }

    private void Close()
    {
        lock (_sync)
        {
            if (!IsLate())
                return;
            (LastPause, LastSuspension) = SinceTick();
            _closedAt = _time.GetTimestamp();
            // A silo that was lost stays lost.
            if (_opened.Task is { IsCompleted: true, Result: true })
                _opened = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            Touch();
            _closed.TrySetResult();
        }
    }

    private static TaskCompletionSource<bool> Opened()
    {
        var opened = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        opened.SetResult(true);
        return opened;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
