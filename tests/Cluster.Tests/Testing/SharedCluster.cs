namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// The cluster that the tests of a run share, one after another. It is started for the first test that needs it, and again with other
/// settings for a test that needs those: two cores cannot run two clusters at once. Each test leaves all its processes running. Tests
/// with the same settings should therefore run in succession.
/// </summary>
internal static class SharedCluster
{
    private static readonly IReadOnlyDictionary<string, string> Defaults = new Dictionary<string, string>();

    private static readonly SemaphoreSlim Starting = new(1);
    private static LocalCluster? _cluster;
    private static IReadOnlyDictionary<string, string>? _settings;

    /// <param name="settings">Settings of all processes, the same object for each test that needs them; null: the defaults.</param>
    public static async Task<LocalCluster> GetAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        settings ??= Defaults;
        await Starting.WaitAsync();
        try
        {
            if (_settings != settings)
                await StopAsync();
            _cluster ??= await LocalCluster.StartAsync(settings);
            _settings = settings;
            return _cluster;
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
