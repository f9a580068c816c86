using System.Runtime.InteropServices;
using Hype.MediaNode.NodeState;

namespace Hype.MediaNode.Hosting;

/// <summary>
/// The lifetime of a node that is a process of its own. SIGTERM drains it first while the host runs, so that no shutdown timeout of the
/// host applies. A second SIGTERM, SIGINT or SIGQUIT stops it at once.
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

    /// <summary>Handles SIGTERM.</summary>
    public void Terminate()
    {
        if (Interlocked.Increment(ref _terminations) == 1)
            _ = DrainAsync();
        else
            _atOnce.Cancel();
    }

    /// <summary>Disposes once, although the container calls it for each service type.</summary>
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
