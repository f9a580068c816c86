namespace Hype.LoadTest.Janus;

/// <summary>
/// A channel of the run: the videoroom that it is there, and who publishes in it. Its subscribers learn of feeds here instead of
/// from Janus' notices, which only those get who could publish too.
/// </summary>
internal sealed class JanusChannel(VideoRoom room)
{
    private readonly Lock _gate = new();
    private ulong[] _feeds = [];
    private TaskCompletionSource _changed = New();

    public VideoRoom Room => room;

    /// <summary>Who publishes now, and a task that ends when that has changed.</summary>
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
