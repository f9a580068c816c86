using Hype.Cluster.Tests.Faults;
using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests;

/// <summary>After the last test: the cluster ends, and what was measured is written down.</summary>
[SetUpFixture]
internal sealed class EndOfRun
{
    [OneTimeTearDown]
    public async Task StopAsync()
    {
        FaultTable.Write();
        await SharedCluster.StopAsync();
    }
}
