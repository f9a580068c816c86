namespace Hype.LoadTest.Signaling;

/// <summary>
/// The paths of one session, from before they connect until they are closed, and their background work. All work started here
/// has ended when the set is disposed.
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

    /// <summary>Returns the newest path of an epoch; null: none.</summary>
    public VoicePath? Of(int epoch) => _paths.LastOrDefault(path => path.Epoch == epoch);

    public void Add(VoicePath path)
    {
        lock (_gate)
            _paths = [.. _paths, path];
    }

    /// <summary>Closes a path and cancels its waits.</summary>
    public void Drop(VoicePath path)
    {
        lock (_gate)
            _paths = [.. _paths.Where(other => other != path)];
        Begin(() => path.DisposeAsync().AsTask());
    }

    /// <summary>Closes a path that other members may still play for a while.</summary>
    public void DropLater(VoicePath path) => Begin(async () =>
    {
        await Task.Delay(OldPathGrace, _closing.Token);
        Drop(path);
    });

    /// <summary>Runs work in the background. A cancelled path or session ends it silently; other failures surface on dispose.</summary>
    public void Begin(Func<Task> work)
    {
        var begun = UntilCancelledAsync(work);
        lock (_gate)
        {
            _work.RemoveAll(task => task.IsCompletedSuccessfully);
            _work.Add(begun);
        }
    }

    /// <summary>Stops accepting new paths and work; running work continues.</summary>
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
