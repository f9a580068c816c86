using Hype.Testing.NetworkNamespaces;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// The system's Chromium, driven by Playwright. The browser runs in a <see cref="NetworkNamespace"/> or in the network of the test
/// process; Playwright talks to it over a pipe, so both may be in different networks.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--no-pings", "--no-proxy-server",
        "--autoplay-policy=no-user-gesture-required", "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    ];

    private const string OnlyThisHost = "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Starts Chromium in a network namespace or in the network of the test process.</summary>
    /// <param name="network">The network namespace of the browser's sockets; null: that of the test process.</param>
    /// <param name="gateway">
    /// The address of the gateway, if it is not loopback. The browser then resolves <c>127.0.0.1</c> to it, so that the gateway's pages
    /// have the same URL in every test and are a secure context, without which there is no microphone.
    /// </param>
    public static async Task<Chromium> LaunchAsync(NetworkNamespace? network, string? gateway = null)
    {
        var playwright = await Playwright.CreateAsync();
        try
        {
            var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = network?.ScriptFor(Executable) ?? Executable,
                Args = [.. Arguments, $"--host-resolver-rules={(gateway is null ? OnlyThisHost : $"MAP 127.0.0.1 {gateway}")}"],
                Headless = true,
            });
            return new Chromium(playwright, browser);
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Creates a browser context with its own storage and identity. It grants the microphone, and serves the test pages under
    /// <c>/e2e/</c>.
    /// </summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        // Chromium knows no address for a page that a route serves: without the second permission, the page may not reach loopback.
        options.Permissions = ["microphone", "local-network-access"];
        var context = await _browser.NewContextAsync(options);
        await TestPages.ServeAsync(context);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
