using System.Collections.Concurrent;
using Orleans.Storage;

namespace Hype.Grains.Tests.Testing;

/// <summary>The outcome of a write.</summary>
public enum WriteOutcome
{
    Commit,

    /// <summary>The row does not change, and the write fails.</summary>
    Fail,

    /// <summary>The row changes, and the write fails, as if only the answer of the database were lost.</summary>
    CommitAndFail,
}

/// <summary>
/// Grain storage in memory. The writes of a grain with a <see cref="WriteScript"/> fail or wait as its test decides. It keeps the written
/// objects themselves, so the states that a test compares must be immutable.
/// </summary>
internal sealed class ScriptedStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string Name, string Key), Row> _rows = new();
    private readonly ConcurrentDictionary<(string Name, string Key), WriteScript> _scripts = new();

    /// <summary>Creates the script for a state of a grain.</summary>
    public WriteScript ScriptOf(string name, string key) => _scripts[(name, key)] = new WriteScript();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = _rows.GetValueOrDefault((stateName, grainId.ToString()));
        grainState.State = row is null ? Activator.CreateInstance<T>() : (T)row.State;
        (grainState.ETag, grainState.RecordExists) = (row?.ETag!, row is not null);
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (row, eTag) = ((stateName, grainId.ToString()), grainState.ETag);
        var state = grainState.State!;
        var script = _scripts.GetValueOrDefault((stateName, grainId.Key.ToString()!));
        var outcome = script is null ? WriteOutcome.Commit : await script.NextAsync();
        if (outcome == WriteOutcome.Fail)
            throw new TimeoutException("The row did not change.");
        if (_rows.GetValueOrDefault(row)?.ETag != eTag)
            throw new InconsistentStateException($"The row has version {_rows.GetValueOrDefault(row)?.ETag}, not {eTag}.");
        var written = new Row(state, Guid.NewGuid().ToString());
        _rows[row] = written;
        script?.OnCommitted(state);
        if (outcome == WriteOutcome.CommitAndFail)
            throw new TimeoutException("The row changed.");
        (grainState.ETag, grainState.RecordExists) = (written.ETag, true);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _rows.TryRemove((stateName, grainId.ToString()), out _);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null!, false);
        return Task.CompletedTask;
    }

    private sealed record Row(object State, string ETag);
}

/// <summary>The outcomes of the writes of one grain.</summary>
internal sealed class WriteScript
{
    private readonly Lock _gate = new();
    private readonly Queue<WriteOutcome> _next = new();
    private TaskCompletionSource<WriteOutcome>? _held;

    /// <summary>The state in the row; null: there is no row.</summary>
    public object? Committed { get; private set; }

    /// <summary>Runs after each change of the row.</summary>
    public Action<object>? Changed { get; set; }

    /// <summary>All writes fail, whatever else the script says.</summary>
    public bool IsDown { get; set; }

    /// <summary>Sets the outcome of the next write that is not held.</summary>
    public void Next(WriteOutcome outcome)
    {
        lock (_gate)
            _next.Enqueue(outcome);
    }

    /// <summary>Makes the next write wait for <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_gate)
            _held ??= new TaskCompletionSource<WriteOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Release(WriteOutcome outcome)
    {
        lock (_gate)
        {
            _held?.SetResult(outcome);
            _held = null;
        }
    }

    internal async Task<WriteOutcome> NextAsync()
    {
        Task<WriteOutcome> outcome;
        lock (_gate)
            outcome = _held?.Task ?? Task.FromResult(_next.TryDequeue(out var next) ? next : WriteOutcome.Commit);
        var result = await outcome;
        return IsDown ? WriteOutcome.Fail : result;
    }

    internal void OnCommitted(object state)
    {
        Committed = state;
        Changed?.Invoke(state);
    }
}
