using Hype.EndToEnd.Tests.Voice;
using Hype.Testing.NetworkNamespaces;
using Microsoft.Playwright;
using NUnit.Framework.Interfaces;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// Base of the tests of the whole product in real browsers. Each class has its own network namespace, gateway process and Chromium; the
/// report of a failed test contains the logs of gateway and browser.
/// </summary>
[Category("E2E")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal abstract class Scenario
{
    private readonly BrowserLog _browserLog = new();
    private readonly List<IBrowserContext> _contexts = [];
    private NetworkNamespace? _network;
    private GatewayProcess? _gateway;
    private Chromium? _chromium;

    protected NetworkNamespace Network => _network!;

    protected GatewayProcess Gateway => _gateway!;

    /// <summary>The gateway's configuration in this scenario, as environment variables.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    /// <summary>The name of the running test's channel, which no other test uses.</summary>
    protected string Channel { get; set; } = "";

    [OneTimeSetUp]
    public async Task StartProductAndBrowser()
    {
        _network = await NetworkNamespace.CreateAsync();
        _gateway = await GatewayProcess.StartAsync(_network, Settings);
        _chromium = await Chromium.LaunchAsync(_network);
    }

    [OneTimeTearDown]
    public async Task StopProductAndBrowser()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_network is not null)
            await _network.DisposeAsync();
    }

    [SetUp]
    public void NameTheChannel() => Channel = $"{GetType().Name}-{TestContext.CurrentContext.Test.ID}".ToLowerInvariant();

    [TearDown]
    public async Task CloseContextsAndReport()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            var name = TestContext.CurrentContext.Test.FullName;
            var folder = RepositoryPaths.Artifacts("logs");
            Attach(Path.Combine(folder, $"{name}.gateway.log"), Gateway.Log);
            Attach(Path.Combine(folder, $"{name}.browser.log"), _browserLog.Text);
            await TestContext.Out.WriteLineAsync($"Browser:\n{Tail(_browserLog.Text)}\nGateway:\n{Tail(Gateway.Log)}");
        }

        foreach (var context in _contexts)
            await context.DisposeAsync();
        _contexts.Clear();
    }

    protected Task<IPage> OpenPageAsync(BrowserNewContextOptions? options = null) => OpenPageInAsync(_chromium!, options);

    protected async Task<IPage> OpenPageInAsync(Chromium browser, BrowserNewContextOptions? options = null)
    {
        var context = await browser.NewContextAsync(options);
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        _browserLog.Watch(page);
        return page;
    }

    /// <summary>Opens a test page in which participants can join; <paramref name="prepare"/> runs before the page is loaded.</summary>
    protected async Task<VoicePage> OpenVoicePageAsync(Func<IPage, Task>? prepare = null)
    {
        var page = await OpenPageAsync();
        if (prepare is not null)
            await prepare(page);
        return await VoicePage.OpenAsync(page, Gateway.Api);
    }

    private static void Attach(string path, string text)
    {
        File.WriteAllText(path, text);
        TestContext.AddTestAttachment(path);
    }

    private static string Tail(string text) => text.Length <= 6_000 ? text : $"…{text[^6_000..]}";
}
