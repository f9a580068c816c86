using Hype.EndToEnd.Tests.Harness;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>What an administrator sees and does at <c>/admin/</c>; the pictures are kept in <c>artifacts/screenshots</c>.</summary>
internal sealed class AdminPage : Scenario
{
    private static readonly LocatorAssertionsToHaveTextOptions Soon = new() { Timeout = 15_000 };

    [Test]
    public async Task The_map_shows_the_node_with_its_load_in_its_region()
    {
        var desk = await OpenDeskAsync();

        await Assertions.Expect(Nodes(desk)).ToHaveCountAsync(1);
        await Assertions.Expect(desk.Locator("[data-region='local'] h3")).ToHaveTextAsync("local");
        await Assertions.Expect(desk.Locator("[data-region='local'] .gateways")).ToContainTextAsync("this gateway");
        await Assertions.Expect(Nodes(desk).GetByRole(AriaRole.Meter)).ToHaveAttributeAsync("aria-valuenow", new System.Text.RegularExpressions.Regex(@"^\d+$"));
        await Assertions.Expect(desk.Locator("[data-sum='nodes'] dd")).ToHaveTextAsync("1");
    }

    [Test]
    public async Task People_come_and_go_on_the_page_as_they_do_in_the_channel()
    {
        var page = await OpenVoicePageAsync();
        await page.JoinListenerAsync("Ada", Channel);
        var desk = await OpenDeskAsync();

        await desk.GetByRole(AriaRole.Link, new() { Name = Channel, Exact = true }).ClickAsync();

        await Assertions.Expect(Names(desk)).ToHaveTextAsync(["Ada"], Soon);
        await Assertions.Expect(desk.GetByTestId("channel-mode")).ToHaveTextAsync("P2P");
        var bob = await page.JoinListenerAsync("Bob", Channel);
        await Assertions.Expect(Names(desk)).ToHaveTextAsync(["Ada", "Bob"], Soon);
        await bob.MuteAsync(true);
        await Assertions.Expect(Cell(desk, "Bob", "state")).ToHaveTextAsync("muted", Soon);
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        await Assertions.Expect(desk.GetByTestId("channel-mode")).ToHaveTextAsync("SFU", Soon);
        await Assertions.Expect(desk.GetByTestId("channel-facts")).ToContainTextAsync("local, epoch");
        await bob.LeaveAsync();
        await Assertions.Expect(Names(desk)).ToHaveTextAsync(["Ada"], Soon);
    }

    [Test]
    public async Task Reading_takes_no_token_in_development_and_acting_does()
    {
        await (await OpenVoicePageAsync()).JoinListenerAsync("Ada", Channel);
        var desk = await OpenDeskAsync(Channel);

        await Person(desk, "Ada").GetByTestId("mute").ClickAsync();

        await Assertions.Expect(desk.GetByTestId("toast")).ToContainTextAsync("Become administrator first.");
        await Assertions.Expect(Cell(desk, "Ada", "state")).ToHaveTextAsync("");
    }

    [Test]
    public async Task A_mute_on_the_page_silences_and_is_taken_back()
    {
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        await Hearing.AllHearEachOtherAsync(ada, bob);
        var desk = await OpenDeskAsync(Channel);
        await BecomeAdministratorAsync(desk);

        await Person(desk, "Bob").GetByTestId("mute").ClickAsync();

        await Assertions.Expect(Cell(desk, "Bob", "state")).ToHaveTextAsync("muted by a moderator", Soon);
        await ada.HearsExactlyAsync([], [ada, bob]);
        await Person(desk, "Bob").GetByTestId("mute").ClickAsync();
        await Hearing.AllHearEachOtherAsync(ada, bob);
    }

    [Test]
    public async Task A_kick_asks_first_and_then_acts()
    {
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinListenerAsync("Ada", Channel);
        var bob = await page.JoinListenerAsync("Bob", Channel);
        var desk = await OpenDeskAsync(Channel);
        await BecomeAdministratorAsync(desk);

        await Person(desk, "Bob").GetByTestId("kick").ClickAsync();
        await Assertions.Expect(desk.GetByTestId("confirm")).ToContainTextAsync("Kick Bob?");
        await Assertions.Expect(desk.GetByTestId("confirm-cancel")).ToBeFocusedAsync();
        await desk.Keyboard.PressAsync("Escape");
        await Assertions.Expect(desk.GetByTestId("confirm")).ToBeHiddenAsync();
        await Assertions.Expect(Names(desk)).ToHaveTextAsync(["Ada", "Bob"]);

        await Person(desk, "Bob").GetByTestId("kick").ClickAsync();
        await desk.GetByTestId("confirm-do").ClickAsync();

        await Assertions.Expect(Names(desk)).ToHaveTextAsync(["Ada"], Soon);
        await bob.IsToldAsync("closed");
        await ada.SeesAsync("Ada");
    }

    [Test]
    public async Task A_ban_keeps_out_and_is_lifted()
    {
        var page = await OpenVoicePageAsync();
        await page.JoinListenerAsync("Ada", Channel);
        var bob = await page.JoinListenerAsync("Bob", Channel);
        var desk = await OpenDeskAsync(Channel);
        await BecomeAdministratorAsync(desk);

        await Person(desk, "Bob").GetByTestId("ban").ClickAsync();
        await desk.GetByTestId("ban-reason").FillAsync("noise");
        await desk.GetByTestId("confirm-do").ClickAsync();

        await bob.IsToldAsync("closed");
        var ban = desk.GetByTestId("bans").Locator($"[data-identity='{bob.Identity}']");
        await Assertions.Expect(ban).ToContainTextAsync("noise");
        await ban.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(ban).ToBeHiddenAsync();
    }

    [Test]
    public async Task A_node_that_is_drained_shows_it_until_it_is_taken_back()
    {
        var desk = await OpenDeskAsync();
        await BecomeAdministratorAsync(desk);

        await Nodes(desk).GetByTestId("drain").ClickAsync();
        await desk.GetByTestId("confirm-do").ClickAsync();

        await Assertions.Expect(Nodes(desk).GetByTestId("draining")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Nodes(desk).GetByTestId("drain").ClickAsync();
        await Assertions.Expect(Nodes(desk).GetByTestId("draining")).ToBeHiddenAsync(new() { Timeout = 15_000 });
    }

    [Test]
    public async Task A_channel_that_is_not_there_is_named_with_the_sentence()
    {
        var desk = await OpenDeskAsync("nobody-is-here");

        await Assertions.Expect(desk.GetByTestId("channel")).ToContainTextAsync("#nobody-is-here: Nobody is in a channel of this name.");
    }

    [Test]
    public async Task The_orleans_dashboard_is_beside_it()
    {
        var desk = await OpenDeskAsync();

        var dashboard = await desk.Context.RunAndWaitForPageAsync(() => desk.GetByTestId("orleans").ClickAsync());

        await Assertions.Expect(dashboard.Locator("body")).ToContainTextAsync("Silo", new() { Timeout = 15_000 });
        await ShootAsync(dashboard, "admin-orleans");
    }

    [Test]
    public async Task The_page_as_an_administrator_sees_it()
    {
        Channel = "stand-up";
        var page = await OpenVoicePageAsync();
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        await page.JoinSpeakerAsync("Grace Hopper", Channel, Tone.Of(0));
        foreach (var name in new[] { "Linus", "Margaret Hamilton", "Dennis" })
            await page.JoinListenerAsync(name, Channel);
        foreach (var channel in new[] { "lobby", "design", "town-hall" })
            await page.JoinListenerAsync($"Guest of {channel}", channel);
        var desk = await OpenDeskAsync(Channel, 1.5f);
        await BecomeAdministratorAsync(desk);
        await Assertions.Expect(Names(desk)).ToHaveCountAsync(4, new() { Timeout = 15_000 });
        await Person(desk, "Dennis").GetByTestId("mute").ClickAsync();
        await Assertions.Expect(Cell(desk, "Dennis", "state")).ToHaveTextAsync("muted by a moderator", Soon);
        await Assertions.Expect(desk.GetByTestId("toast")).ToBeHiddenAsync(new() { Timeout = 15_000 });

        await ShootAsync(desk, "admin");
        await Person(desk, "Linus").GetByTestId("kick").ClickAsync();
        await ShootAsync(desk, "admin-confirm");
        await desk.Keyboard.PressAsync("Escape");
        await desk.SetViewportSizeAsync(800, 1100);
        var overflow = await desk.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.That(overflow, Is.Zero, "nothing scrolls sideways");
        await ShootAsync(desk, "admin-narrow");
    }

    private async Task<IPage> OpenDeskAsync(string? channel = null, float scale = 1)
    {
        var desk = await OpenPageAsync(new() { ViewportSize = new() { Width = 1360, Height = 860 }, ColorScheme = ColorScheme.Dark, DeviceScaleFactor = scale });
        await desk.GotoAsync($"{GatewayProcess.Url}admin/{(channel is null ? "" : $"#/channel/{channel}")}");
        await Assertions.Expect(desk.GetByTestId("who")).ToBeVisibleAsync();
        return desk;
    }

    private static async Task BecomeAdministratorAsync(IPage desk)
    {
        await desk.GetByTestId("become").ClickAsync();
        await Assertions.Expect(desk.GetByTestId("who")).ToContainTextAsync("Administrator, until");
    }

    private static ILocator Nodes(IPage desk) => desk.GetByTestId("regions").Locator("tr[data-node]");

    private static ILocator Person(IPage desk, string name) => desk.GetByTestId("people").Locator($"tr[data-name='{name}']");

    private static ILocator Names(IPage desk) => desk.GetByTestId("people").Locator("[data-cell='name']");

    private static ILocator Cell(IPage desk, string name, string cell) => Person(desk, name).Locator($"[data-cell='{cell}']");

    private static async Task ShootAsync(IPage page, string name)
    {
        var path = Path.Combine(RepositoryPaths.Artifacts("screenshots"), $"{name}.png");
        await page.ScreenshotAsync(new() { Path = path });
        TestContext.AddTestAttachment(path);
    }
}
