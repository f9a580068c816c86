namespace Hype.LoadTest.Janus;

/// <summary>
/// A channel of the run: its Janus videoroom, and the list of the room's current publishers (Janus calls them feeds). Subscribers read
/// this list, because Janus announces publishers only to clients that joined the room as publishers.
/// </summary>
internal sealed class JanusChannel(VideoRoom room)
{
    private readonly Lock _gate = new();
    private ulong[] _feeds = [];
    private TaskCompletionSource _changed = New();

    public VideoRoom Room => room;

    /// <summary>The ids of the current publishers, and a task that completes when the set of publishers changes.</summary>
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
