namespace Hype.Silo.Clustering;

/// <summary>
/// Ticks the <see cref="MembershipGate"/> from a thread of its own, so that a busy thread pool does not look like a paused process.
/// </summary>
internal sealed class PauseWatch(MembershipGate gate) : IHostedService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Run) { Name = "pause watch", IsBackground = true, Priority = ThreadPriority.AboveNormal }.Start();
        return Task.CompletedTask;
    }

    // The thread goes on until the process ends: grains answer until then.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Run()
    {
        while (true)
        {
            gate.Tick();
            Thread.Sleep(Interval);
        }
    }
}
