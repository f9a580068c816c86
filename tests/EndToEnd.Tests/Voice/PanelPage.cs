using Hype.EndToEnd.Tests.Testing;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Voice;

/// <summary>Drives the panel in a browser as a user would.</summary>
internal static class PanelPage
{
    public static readonly ViewportSize Desktop = new() { Width = 1120, Height = 720 };
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    /// <summary>Opens the panel, fills in the join form, and joins.</summary>
    public static async Task JoinAsync(IPage page, string name, string channel)
    {
        await page.GotoAsync(GatewayProcess.Url.ToString());
        await page.GetByTestId("name").FillAsync(name);
        await page.GetByTestId("channel").FillAsync(channel);
        await page.GetByTestId("join").ClickAsync();
        await Assertions.Expect(page.GetByTestId("channel-name")).ToHaveTextAsync(channel, new() { Timeout = 15_000 });
    }

    public static ILocator Member(this IPage page, string name) => page.Locator($"[data-name='{name}']");

    /// <summary>Opens the menu of the participant named <paramref name="name"/>.</summary>
    public static async Task OpenMenuOfAsync(this IPage page, string name)
    {
        await page.Member(name).HoverAsync();
        await page.Member(name).GetByTestId("more").ClickAsync();
        await Assertions.Expect(page.GetByTestId("member-menu")).ToBeVisibleAsync();
    }

    /// <summary>Takes a screenshot after all animations have ended, and stores it in <c>artifacts/screenshots</c>.</summary>
    public static async Task ShootAsync(this IPage page, string name)
    {
        await page.EvaluateAsync(
            """
            () => Promise.allSettled(document.getAnimations()
              .filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity).map(({ finished }) => finished))
            """);
        var path = Path.Combine(RepositoryPaths.Artifacts("screenshots"), $"{name.ToLowerInvariant()}.png");
        await page.ScreenshotAsync(new() { Path = path });
        TestContext.AddTestAttachment(path);
    }
}
