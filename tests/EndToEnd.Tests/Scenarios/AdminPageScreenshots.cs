using Hype.EndToEnd.Tests.Admin;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>The admin page as people see it; the pictures are kept in <c>artifacts/screenshots</c>.</summary>
internal sealed class AdminPageScreenshots : Scenario
{
    // Names that a reader of the pictures would choose.
    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Gateway__GatewayId"] = "gateway-1",
        ["Hype__MediaNode__NodeId"] = "node-1",
    };

    [Test]
    public async Task The_page_as_an_administrator_sees_it()
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
        await desk.Page.SetViewportSizeAsync(800, 1100);
        var overflow = await desk.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.That(overflow, Is.Zero, "nothing scrolls sideways");
        await Desk.ShootAsync(desk.Page, "admin-narrow");
    }
}
