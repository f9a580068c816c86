using Hype.Cluster.Tests.Faults;
using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests;

/// <summary>Writes the table of the fault measurements and stops the shared cluster, after the last test of the run.</summary>
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
