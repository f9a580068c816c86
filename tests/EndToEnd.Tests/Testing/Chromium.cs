using Hype.Testing.NetworkNamespaces;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// The system's Chromium, in a <see cref="NetworkNamespace"/> of the test or in the test's own network. Playwright talks to it over a
/// pipe, so the test process may stay outside.
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

    /// <param name="network">The network of its sockets; null: the test's own.</param>
    /// <param name="gateway">
    /// The gateway's host, if it is another one. <c>127.0.0.1</c> then resolves to it, so that its pages have the same address
    /// everywhere, and are in a secure context, without which there is no microphone.
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
    /// Creates a context with its own storage and identity, the microphone granted, and the test pages under <c>/e2e/</c>.
    /// </summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        // For Chromium, a page that a route serves has no address; without the second permission it may not reach loopback.
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
