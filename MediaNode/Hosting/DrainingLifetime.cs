using System.Runtime.InteropServices;
using Hype.MediaNode.NodeState;

namespace Hype.MediaNode.Hosting;

/// <summary>
/// The host lifetime of a node that runs as a process of its own. The first SIGTERM drains the node while the host still runs, so that the
/// host's shutdown timeout does not apply. A second SIGTERM, SIGINT or SIGQUIT stops the node at once.
/// </summary>
/// <param name="drain">Created at first use: the host asks for its lifetime before the configuration is validated.</param>
/// <param name="application">The application to stop.</param>
internal sealed class DrainingLifetime(Lazy<NodeDrain> drain, IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    private readonly CancellationTokenSource _atOnce = new();
    private PosixSignalRegistration[] _signals = [];
    private int _terminations;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals =
        [
            On(PosixSignal.SIGTERM, Terminate),
            On(PosixSignal.SIGINT, application.StopApplication),
            On(PosixSignal.SIGQUIT, application.StopApplication),
        ];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Handles SIGTERM: the first one starts the drain, the second one stops the process.</summary>
    public void Terminate()
    {
        if (Interlocked.Increment(ref _terminations) == 1)
            _ = DrainAsync();
        else
            _atOnce.Cancel();
    }

    /// <summary>
    /// Releases the signal handlers and ends a running drain. Repeated calls have no effect: the container disposes the object once for
    /// each registered service type.
    /// </summary>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _signals = [];
        _atOnce.Cancel();
    }

    private async Task DrainAsync()
    {
        await drain.Value.RunAsync(_atOnce.Token);
        application.StopApplication();
    }

    // Cancelled, because the runtime would end the process otherwise.
    private static PosixSignalRegistration On(PosixSignal signal, Action act) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    });
}
