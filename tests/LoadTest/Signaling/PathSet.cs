namespace Hype.LoadTest.Signaling;

/// <summary>
/// The paths of one session (a path is the session's transports of one layout), and the background work for them. Disposing the set closes
/// all paths and waits for the work.
/// </summary>
internal sealed class PathSet : IAsyncDisposable
{
    // docs/signaling.md: keep sending on the old transport until 2.5 s after commit.
    private static readonly TimeSpan OldPathGrace = TimeSpan.FromMilliseconds(2500);

    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _work = [];
    private volatile VoicePath[] _paths = [];

    /// <summary>The current paths, in the order in which they were added.</summary>
    public IReadOnlyList<VoicePath> All => _paths;

    /// <summary>Returns the newest path of the layout epoch; null: the session has no path of this epoch.</summary>
    public VoicePath? Of(int epoch) => _paths.LastOrDefault(path => path.Epoch == epoch);

    public void Add(VoicePath path)
    {
        lock (_gate)
            _paths = [.. _paths, path];
    }

    /// <summary>Removes a path and closes it in the background, which cancels the path's pending waits.</summary>
    public void Drop(VoicePath path)
    {
        lock (_gate)
            _paths = [.. _paths.Where(other => other != path)];
        Begin(() => path.DisposeAsync().AsTask());
    }

    /// <summary>Closes a path of an earlier layout after the time in which other members may still play it.</summary>
    public void DropLater(VoicePath path) => Begin(async () =>
    {
        await Task.Delay(OldPathGrace, _closing.Token);
        Drop(path);
    });

    /// <summary>
    /// Runs work in the background. If the path or the session is cancelled, the work ends silently; <see cref="DisposeAsync"/> throws
    /// other exceptions of the work.
    /// </summary>
    public void Begin(Func<Task> work)
    {
        var begun = UntilCancelledAsync(work);
        lock (_gate)
        {
            _work.RemoveAll(task => task.IsCompletedSuccessfully);
            _work.Add(begun);
        }
    }

    /// <summary>Closes all paths, and waits until all background work has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        while (true)
        {
            foreach (var path in _paths)
                Drop(path);
            var work = TakeWork();
            if (work.Length == 0)
                break;
            await Task.WhenAll(work);
        }

        _closing.Dispose();
    }

    private Task[] TakeWork()
    {
        lock (_gate)
        {
            Task[] work = [.. _work];
            _work.Clear();
            return work;
        }
    }

    private static async Task UntilCancelledAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // The path or the session was closed meanwhile.
        }
    }
}
