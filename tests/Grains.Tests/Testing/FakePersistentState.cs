namespace Hype.Grains.Tests.Testing;

/// <summary>Grain state in memory, whose writes can fail.</summary>
internal sealed class FakePersistentState<T> : IPersistentState<T>
    where T : new()
{
    public T State { get; set; } = new();

    public string Etag => "";

    public bool RecordExists => Writes > 0;

    public int Writes { get; private set; }

    /// <summary>The exception of the next writes; null: they succeed.</summary>
    public Exception? Failure { get; set; }

    public Task ReadStateAsync() => Task.CompletedTask;

    public Task ClearStateAsync() => Task.CompletedTask;

    /// <summary>Holds writes until it completes.</summary>
    public TaskCompletionSource? Pause { get; init; }

    public async Task WriteStateAsync()
    {
        if (Failure is not null)
            throw Failure;
        await (Pause?.Task ?? Task.CompletedTask);
        Writes++;
    }
}
