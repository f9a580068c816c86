using Hype.EndToEnd.Tests.Testing;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Admin;

/// <summary>An open admin page in a browser, with locators and actions for its tests.</summary>
internal sealed class Desk
{
    private Desk(IPage page) => Page = page;

    public IPage Page { get; }

    public ILocator Nodes => Page.GetByTestId("regions").Locator("tr[data-node]");

    public ILocator Names => Page.GetByTestId("people").Locator("[data-cell='name']");

    /// <summary>Opens the admin page in a new browser context.</summary>
    /// <param name="openPage">The scenario's method that opens a page.</param>
    /// <param name="channel">The channel whose details are shown; null: none.</param>
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

    /// <summary>Signs in with the page's button for Development, which creates an administrator's token.</summary>
    public async Task BecomeAdministratorAsync()
    {
        await Page.GetByTestId("become").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("who")).ToContainTextAsync("Administrator, until");
    }

    public ILocator Person(string name) => Page.GetByTestId("people").Locator($"tr[data-name='{name}']");

    public ILocator Cell(string name, string cell) => Person(name).Locator($"[data-cell='{cell}']");

    /// <summary>Takes a screenshot of a page and stores it in <c>artifacts/screenshots</c>.</summary>
    public static async Task ShootAsync(IPage page, string name)
    {
        var path = Path.Combine(RepositoryPaths.Artifacts("screenshots"), $"{name}.png");
        await page.ScreenshotAsync(new() { Path = path });
        TestContext.AddTestAttachment(path);
    }
}
