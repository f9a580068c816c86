using Hype.EndToEnd.Tests.Admin;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that the admin page fits narrow and wide windows, and stores screenshots of it in <c>artifacts/screenshots</c>.
/// </summary>
internal sealed class AdminPageScreenshots : Scenario
{
    // Readable names for the screenshots.
    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Gateway__GatewayId"] = "gateway-1",
        ["Hype__MediaNode__NodeId"] = "node-1",
    };

    [Test]
    public async Task Page_fits_windows_from_390_to_1280_pixels_wide_and_has_a_one_line_header_at_1280_pixels()
    {
        const string standUp = "stand-up";
        var page = await OpenVoicePageAsync();
        await Gateway.Api.SetModeAsync(standUp, "sfu");
        await page.JoinSpeakerAsync("Grace Hopper", standUp, Tone.Of(0));
        foreach (var name in new[] { "Linus", "Margaret Hamilton", "Dennis" })
            await page.JoinListenerAsync(name, standUp);
        foreach (var channel in new[] { "lobby", "design", "town-hall" })
            await page.JoinListenerAsync($"Guest of {channel}", channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, standUp, 1.5f);
        await desk.BecomeAdministratorAsync();
        await Assertions.Expect(desk.Names).ToHaveCountAsync(4, new() { Timeout = 15_000 });
        await desk.Person("Dennis").GetByTestId("mute").ClickAsync();
        await Assertions.Expect(desk.Cell("Dennis", "state")).ToHaveTextAsync("muted by a moderator", new() { Timeout = 15_000 });
        await Assertions.Expect(desk.Page.GetByTestId("happened")).ToContainTextAsync("Dennis: muted by a moderator");
        await Assertions.Expect(desk.Page.GetByTestId("toast")).ToBeHiddenAsync(new() { Timeout = 15_000 });

        await Desk.ShootAsync(desk.Page, "admin");
        await desk.Person("Linus").GetByTestId("kick").ClickAsync();
        await Desk.ShootAsync(desk.Page, "admin-confirm");
        await desk.Page.Keyboard.PressAsync("Escape");
        await AssertFitsAsync(desk.Page, 1280, lines: 1);
        await Desk.ShootAsync(desk.Page, "admin-1280");
        await AssertFitsAsync(desk.Page, 1024, lines: 2);
        await Desk.ShootAsync(desk.Page, "admin-1024");
        await AssertFitsAsync(desk.Page, 800, lines: 2);
        await Desk.ShootAsync(desk.Page, "admin-narrow");
        await AssertFitsAsync(desk.Page, 390);
        await Desk.ShootAsync(desk.Page, "admin-390");
    }

    /// <summary>
    /// Asserts that the page does not scroll sideways in a window of a given width, and that its header has the given number of lines.
    /// </summary>
    /// <param name="page">The admin page.</param>
    /// <param name="width">The width of the window, in pixels.</param>
    /// <param name="lines">The expected number of lines of the header; null: any number.</param>
    private static async Task AssertFitsAsync(IPage page, int width, int? lines = null)
    {
        await page.SetViewportSizeAsync(width, 1100);
        var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        var wide = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('body *')]"
            + ".filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth)"
            + ".map((part) => `${part.tagName}#${part.id}.${part.className}`)");
        Assert.That(overflow, Is.Zero, $"the page does not scroll sideways at {width} pixels: {string.Join(", ", wide)}");
        if (lines is null)
            return;
        var middles = await page.EvaluateAsync<int[]>(
            "() => [...document.querySelectorAll('.top > *')].map((part) => part.getBoundingClientRect()).filter((box) => box.height > 0)"
            + ".map((box) => Math.round((box.top + box.height / 2) / 10))");
        Assert.That(middles.Distinct().Count(), Is.EqualTo(lines), $"lines of the header at {width} pixels");
    }
}
