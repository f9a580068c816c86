namespace Hype.LoadTest.Janus;

/// <summary>
/// A channel of the run: its videoroom and the room's publishers. Subscribers learn about feeds here and not from Janus' notices,
/// which Janus sends only to clients that could publish too.
/// </summary>
internal sealed class JanusChannel(VideoRoom room)
{
    private readonly Lock _gate = new();
    private ulong[] _feeds = [];
    private TaskCompletionSource _changed = New();

    public VideoRoom Room => room;

    /// <summary>The current publishers, and a task that ends when they have changed.</summary>
    public (IReadOnlyList<ulong> Feeds, Task Changed) Feeds
    {
        get
        {
            lock (_gate)
                return (_feeds, _changed.Task);
        }
    }

    public void Add(ulong feed) => Change(feeds => [.. feeds, feed]);

    public void Remove(ulong feed) => Change(feeds => [.. feeds.Where(other => other != feed)]);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Func<ulong[], ulong[]> change)
    {
        lock (_gate)
        {
            _feeds = change(_feeds);
            _changed.SetResult();
            _changed = New();
        }
    }
}
