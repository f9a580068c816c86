using Hype.EndToEnd.Tests.Testing;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Admin;

/// <summary>The admin page in a browser.</summary>
internal sealed class Desk
{
    private Desk(IPage page) => Page = page;

    public IPage Page { get; }

    public ILocator Nodes => Page.GetByTestId("regions").Locator("tr[data-node]");

    public ILocator Names => Page.GetByTestId("people").Locator("[data-cell='name']");

    /// <param name="openPage">The scenario's.</param>
    /// <param name="channel">The channel to open beside the list.</param>
    /// <param name="scale">Pixels of the screenshot per pixel of the page.</param>
    public static async Task<Desk> OpenAsync(
        Func<BrowserNewContextOptions?, Task<IPage>> openPage, string? channel = null, float scale = 1)
    {
        var page = await openPage(
            new() { ViewportSize = new() { Width = 1360, Height = 900 }, ColorScheme = ColorScheme.Dark, DeviceScaleFactor = scale });
        await page.GotoAsync($"{GatewayProcess.Url}admin/{(channel is null ? "" : $"#/channel/{channel}")}");
        await Assertions.Expect(page.GetByTestId("who")).ToBeVisibleAsync();
        return new Desk(page);
    }

    /// <summary>Uses the page's button for Development.</summary>
    public async Task BecomeAdministratorAsync()
    {
        await Page.GetByTestId("become").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("who")).ToContainTextAsync("Administrator, until");
    }

    public ILocator Person(string name) => Page.GetByTestId("people").Locator($"tr[data-name='{name}']");

    public ILocator Cell(string name, string cell) => Person(name).Locator($"[data-cell='{cell}']");

    /// <summary>Stores a screenshot in <c>artifacts/screenshots</c>.</summary>
    public static async Task ShootAsync(IPage page, string name)
    {
        var path = Path.Combine(RepositoryPaths.Artifacts("screenshots"), $"{name}.png");
        await page.ScreenshotAsync(new() { Path = path });
        TestContext.AddTestAttachment(path);
    }
}
