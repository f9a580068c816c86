using System.Runtime.InteropServices;
using Hype.MediaNode.NodeState;

namespace Hype.MediaNode.Hosting;

/// <summary>
/// The life of a node that is a process of its own. SIGTERM drains it first, and nothing of the host stops meanwhile, so that no
/// shutdown timeout of the host applies; a second SIGTERM, and SIGINT and SIGQUIT, stop it at once.
/// </summary>
/// <param name="drain">Made at first need: the host asks for its lifetime before the configuration is checked.</param>
/// <param name="application">What is stopped in the end.</param>
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

    /// <summary>What SIGTERM does.</summary>
    public void Terminate()
    {
        if (Interlocked.Increment(ref _terminations) == 1)
            _ = DrainAsync();
        else
            _atOnce.Cancel();
    }

    /// <summary>Called once for each service that it is.</summary>
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

    // Cancelled, as the runtime would end the process otherwise.
    private static PosixSignalRegistration On(PosixSignal signal, Action act) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    });
}
