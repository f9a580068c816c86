namespace Hype.Silo.Health;

/// <summary>The result of a costly question, which all callers of a second share, also while the answer is still awaited.</summary>
internal sealed class SharedResult<T>(TimeProvider time)
{
    internal static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<T>? _result;
    private long _askedAt;

    public Task<T> GetAsync(Func<Task<T>> ask)
    {
        lock (_gate)
        {
            if (_result is null || (_result.IsCompleted && time.GetElapsedTime(_askedAt) >= Age))
                (_result, _askedAt) = (ask(), time.GetTimestamp());
            return _result;
        }
    }
}
