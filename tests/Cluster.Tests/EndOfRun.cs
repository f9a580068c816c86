using Hype.Cluster.Tests.Faults;
using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests;

/// <summary>Stops the cluster after the last test and writes the measurements.</summary>
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
