namespace Hype.Grains.Tests.Testing;

/// <summary>The base class of tests that each start a silo.</summary>
/// <param name="options">Options of the silo that differ from the product's defaults.</param>
public abstract class SiloFixture(params (string Key, string Value)[] options)
{
    private protected TemporaryFolder Folder { get; private set; } = null!;

    /// <summary>The silo of the test; a test that restarts the silo sets this property.</summary>
    private protected SiloInProcess Silo { get; set; } = null!;

    private protected RecordingGateway Gateway { get; private set; } = null!;

    [SetUp]
    public async Task StartSilo()
    {
        Folder = new TemporaryFolder();
        Silo = await SiloInProcess.Start(Folder.Database, options);
        Gateway = new RecordingGateway("g1");
    }

    [TearDown]
    public async Task StopSilo()
    {
        await Silo.DisposeAsync();
        Folder.Dispose();
    }
}
