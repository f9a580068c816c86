namespace Hype.Grains.Tests.Testing;

/// <summary>The state of a grain in memory; its writes can be made to fail or wait.</summary>
internal sealed class FakePersistentState<T> : IPersistentState<T>
    where T : new()
{
    public T State { get; set; } = new();

    public string Etag => "";

    public bool RecordExists => Writes > 0;

    public int Writes { get; private set; }

    /// <summary>The exception that all writes throw; null lets them succeed.</summary>
    public Exception? Failure { get; set; }

    public Task ReadStateAsync() => Task.CompletedTask;

    public Task ClearStateAsync() => Task.CompletedTask;

    /// <summary>The source of the task that each write waits for; null: writes complete immediately.</summary>
    public TaskCompletionSource? Pause { get; init; }

    public async Task WriteStateAsync()
    {
        if (Failure is not null)
            throw Failure;
        await (Pause?.Task ?? Task.CompletedTask);
        Writes++;
    }
}
