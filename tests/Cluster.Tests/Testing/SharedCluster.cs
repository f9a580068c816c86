namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// The cluster that the tests of a run share. The first test that needs the cluster starts it, and each test leaves all its processes
/// running.
/// </summary>
internal static class SharedCluster
{
    private static readonly SemaphoreSlim Starting = new(1);
    private static LocalCluster? _cluster;

    public static async Task<LocalCluster> GetAsync()
    {
        await Starting.WaitAsync();
        try
        {
            return _cluster ??= await LocalCluster.StartAsync();
        }
        finally
        {
            Starting.Release();
        }
    }

    public static async Task StopAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _cluster = null;
    }
}
