using Hype.Testing.NetworkNamespaces;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// Tests the tools that all scenarios use, without the product: the browser, the network namespace and the tone detector.
/// </summary>
[Category("E2E")]
internal sealed class HarnessTests
{
    private NetworkNamespace _network = null!;
    private Chromium _chromium = null!;
    private IPage _page = null!;

    [OneTimeSetUp]
    public async Task StartBrowser()
    {
        _network = await NetworkNamespace.CreateAsync();
        _chromium = await Chromium.LaunchAsync(_network);
        var context = await _chromium.NewContextAsync();
        _page = await context.NewPageAsync();
        await _page.GotoAsync($"{GatewayProcess.Url}e2e/voice.html");
        await _page.WaitForFunctionAsync("() => window.voice !== undefined");
    }

    [OneTimeTearDown]
    public async Task StopBrowser()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_network is not null)
            await _network.DisposeAsync();
    }

    [Test]
    public async Task Tone_detector_reports_only_the_tone_sent_over_the_peer_connection()
    {
        await _page.EvaluateAsync(
            """
            async () => {
              await voice.grantMicrophone();
              const { sendOverLoopback } = await import('/e2e/loopback.js');
              window.loopback = await sendOverLoopback(770, [430, 600, 770, 940, 1110, 1540, 2310]);
            }
            """);

        await _page.WaitForFunctionAsync(
            "() => loopback.heard().length === 1 && loopback.heard()[0] === 770",
            null,
            new PageWaitForFunctionOptions { PollingInterval = 100, Timeout = 10_000 });
    }

    [Test]
    public async Task Browser_gathers_only_ICE_candidates_with_the_IP_address_of_the_network_namespace()
    {
        await _page.EvaluateAsync(
            """
            async () => {
              await voice.grantMicrophone();
              const { sendOverLoopback } = await import('/e2e/loopback.js');
              window.loopback = await sendOverLoopback(770, [770]);
            }
            """);

        var handle = await _page.WaitForFunctionAsync("() => loopback.addresses.length > 0 && loopback.addresses");
        var addresses = await handle.JsonValueAsync<string[]>();

        Assert.That(
            addresses, Is.Not.Empty.And.All.EqualTo(NetworkNamespace.Address),
            "a host candidate with the namespace's address, not an mDNS name");
    }
}
