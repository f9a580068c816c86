using Hype.Cluster.Tests.Faults;
using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests;

/// <summary>
/// Prepares the thread pool before the first test. Writes the table of the fault measurements and stops the shared cluster, after the last
/// test of the run.
/// </summary>
[SetUpFixture]
internal sealed class WholeRun
{
    /// <summary>
    /// Each started process with a redirected output occupies two threads of the pool, which on two cores would start one further thread
    /// at a time: the relays of the tests would stand still for seconds.
    /// </summary>
    private const int Threads = 32;

    [OneTimeSetUp]
    public void PrepareThreads()
    {
        ThreadPool.GetMinThreads(out _, out var completionThreads);
        ThreadPool.SetMinThreads(Threads, completionThreads);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        FaultTable.Write();
        await SharedCluster.StopAsync();
        await WebhookCluster.StopAsync();
    }
}
