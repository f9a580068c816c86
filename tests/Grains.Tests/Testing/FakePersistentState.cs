using Orleans.Storage;

namespace Hype.Grains.Tests.Testing;

/// <summary>The state of a grain activation over a row in memory; its writes can be made to fail or wait.</summary>
/// <param name="row">The row, which activations may share; null: a new one.</param>
internal sealed class FakePersistentState<T>(FakeRow<T>? row = null) : IPersistentState<T>
    where T : new()
{
    private readonly FakeRow<T> _row = row ?? new FakeRow<T>();
    private int _version = row?.Version ?? 0;

    public T State { get; set; } = row is { Version: > 0 } ? row.Value : new();

    public string Etag => $"{_version}";

    public bool RecordExists => _version > 0;

    public int Writes => _row.Version;

    /// <summary>The exception that all writes throw; null lets them succeed.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The row takes a write that fails, as if only the answer of the database were lost.</summary>
    public bool CommitsBeforeFailure { get; set; }

    /// <summary>The source of the task that each write waits for; null: writes complete immediately.</summary>
    public TaskCompletionSource? Pause { get; set; }

    public Task ReadStateAsync()
    {
        (State, _version) = (_row.Value, _row.Version);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync() => Task.CompletedTask;

    public async Task WriteStateAsync()
    {
        var value = State;
        await (Pause?.Task ?? Task.CompletedTask);
        if (Failure is null || CommitsBeforeFailure)
        {
            if (_version != _row.Version)
                throw new InconsistentStateException($"The row has version {_row.Version}, and this activation expects {_version}.");
            _row.Write(value);
        }

        if (Failure is not null)
            throw Failure;
        _version = _row.Version;
    }
}

/// <summary>A stored row, with a version that each write increases.</summary>
internal sealed class FakeRow<T>
    where T : new()
{
    public T Value { get; private set; } = new();

    public int Version { get; private set; }

    public void Write(T value) => (Value, Version) = (value, Version + 1);
}
