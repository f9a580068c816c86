namespace Hype.Grains.Tests.Testing;

/// <summary>The base class of tests that share one silo. Each test uses different grains, so that no test depends on another.</summary>
/// <param name="options">Options of the silo that differ from the product's defaults.</param>
public abstract class SharedSiloFixture(params (string Key, string Value)[] options)
{
    private TemporaryFolder _folder = null!;

    private protected SiloInProcess Silo { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartSilo()
    {
        _folder = new TemporaryFolder();
        Silo = await SiloInProcess.Start(_folder.Database, options);
    }

    [OneTimeTearDown]
    public async Task StopSilo()
    {
        await Silo.DisposeAsync();
        _folder.Dispose();
    }
}
