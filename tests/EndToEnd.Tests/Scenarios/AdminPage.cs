using Hype.EndToEnd.Tests.Admin;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>What an administrator sees and does at <c>/admin/</c>.</summary>
internal sealed class AdminPage : Scenario
{
    private static readonly LocatorAssertionsToHaveTextOptions Soon = new() { Timeout = 15_000 };

    [Test]
    public async Task The_map_shows_the_node_with_its_load_in_its_region()
    {
        var desk = await Desk.OpenAsync(OpenPageAsync);

        await Assertions.Expect(desk.Nodes).ToHaveCountAsync(1);
        await Assertions.Expect(desk.Page.Locator("[data-region='local'] h3")).ToHaveTextAsync("local");
        await Assertions.Expect(desk.Page.Locator("[data-region='local'] .gateways")).ToContainTextAsync("this gateway");
        await Assertions.Expect(desk.Nodes.GetByRole(AriaRole.Meter)).ToHaveAttributeAsync("aria-valuenow", new System.Text.RegularExpressions.Regex(@"^\d+$"));
        await Assertions.Expect(desk.Page.Locator("[data-sum='nodes'] dd")).ToHaveTextAsync("1");
    }

    [Test]
    public async Task People_come_and_go_on_the_page_as_they_do_in_the_channel()
    {
        var page = await OpenVoicePageAsync();
        await page.JoinListenerAsync("Ada", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync);

        await desk.Page.GetByRole(AriaRole.Link, new() { Name = Channel, Exact = true }).ClickAsync();

        await Assertions.Expect(desk.Names).ToHaveTextAsync(["Ada"], Soon);
        await Assertions.Expect(desk.Page.GetByTestId("channel-mode")).ToHaveTextAsync("P2P");
        var bob = await page.JoinListenerAsync("Bob", Channel);
        await Assertions.Expect(desk.Names).ToHaveTextAsync(["Ada", "Bob"], Soon);
        await bob.MuteAsync(true);
        await Assertions.Expect(desk.Cell("Bob", "state")).ToHaveTextAsync("muted", Soon);
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        await Assertions.Expect(desk.Page.GetByTestId("channel-mode")).ToHaveTextAsync("SFU", Soon);
        await Assertions.Expect(desk.Page.GetByTestId("channel-facts")).ToContainTextAsync("local, epoch");
        await bob.LeaveAsync();
        await Assertions.Expect(desk.Names).ToHaveTextAsync(["Ada"], Soon);
    }

    [Test]
    public async Task Reading_takes_no_token_in_development_and_acting_does()
    {
        await (await OpenVoicePageAsync()).JoinListenerAsync("Ada", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);

        await desk.Person("Ada").GetByTestId("mute").ClickAsync();

        await Assertions.Expect(desk.Page.GetByTestId("toast")).ToContainTextAsync("Become administrator first.");
        await Assertions.Expect(desk.Cell("Ada", "state")).ToHaveTextAsync("");
    }

    [Test]
    public async Task A_mute_on_the_page_silences_and_is_taken_back()
    {
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await page.JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        await Hearing.AllHearEachOtherAsync(ada, bob);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await desk.BecomeAdministratorAsync();

        await desk.Person("Bob").GetByTestId("mute").ClickAsync();

        await Assertions.Expect(desk.Cell("Bob", "state")).ToHaveTextAsync("muted by a moderator", Soon);
        await ada.HearsExactlyAsync([], [ada, bob]);
        await desk.Person("Bob").GetByTestId("mute").ClickAsync();
        await Hearing.AllHearEachOtherAsync(ada, bob);
    }

    [Test]
    public async Task A_kick_asks_first_and_then_acts()
    {
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinListenerAsync("Ada", Channel);
        var bob = await page.JoinListenerAsync("Bob", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await desk.BecomeAdministratorAsync();

        await desk.Person("Bob").GetByTestId("kick").ClickAsync();
        await Assertions.Expect(desk.Page.GetByTestId("confirm")).ToContainTextAsync("Kick Bob?");
        await Assertions.Expect(desk.Page.GetByTestId("confirm-cancel")).ToBeFocusedAsync();
        await desk.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(desk.Page.GetByTestId("confirm")).ToBeHiddenAsync();
        await Assertions.Expect(desk.Names).ToHaveTextAsync(["Ada", "Bob"]);

        await desk.Person("Bob").GetByTestId("kick").ClickAsync();
        await desk.Page.GetByTestId("confirm-do").ClickAsync();

        await Assertions.Expect(desk.Names).ToHaveTextAsync(["Ada"], Soon);
        await bob.IsToldAsync("closed");
        await ada.SeesAsync("Ada");
    }

    [Test]
    public async Task A_ban_keeps_out_and_is_lifted()
    {
        var page = await OpenVoicePageAsync();
        await page.JoinListenerAsync("Ada", Channel);
        var bob = await page.JoinListenerAsync("Bob", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await desk.BecomeAdministratorAsync();

        await desk.Person("Bob").GetByTestId("ban").ClickAsync();
        await desk.Page.GetByTestId("ban-reason").FillAsync("noise");
        await desk.Page.GetByTestId("confirm-do").ClickAsync();

        await bob.IsToldAsync("closed");
        var ban = desk.Page.GetByTestId("bans").Locator($"[data-identity='{bob.Identity}']");
        await Assertions.Expect(ban).ToContainTextAsync("noise");
        await ban.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(ban).ToBeHiddenAsync();
    }

    [Test]
    public async Task Who_is_moved_on_the_page_goes_on_in_the_other_channel()
    {
        var other = $"{Channel}-other";
        var page = await OpenVoicePageAsync();
        await page.JoinListenerAsync("Ada", Channel);
        await page.JoinListenerAsync("Bob", Channel);
        await page.JoinListenerAsync("Cleo", other);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await desk.BecomeAdministratorAsync();

        await desk.Person("Bob").GetByTestId("move").ClickAsync();
        await Assertions.Expect(desk.Page.GetByTestId("move-to")).ToBeFocusedAsync();
        await desk.Page.Keyboard.TypeAsync(other);
        await desk.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(desk.Names).ToHaveTextAsync(["Ada"], Soon);
        await Assertions.Expect(desk.Page.GetByTestId("happened")).ToContainTextAsync("moved");
        await desk.Page.GotoAsync($"{GatewayProcess.Url}admin/#/channel/{other}");
        await Assertions.Expect(desk.Names).ToHaveTextAsync(["Cleo", "Bob"], Soon);
    }

    [Test]
    public async Task Settings_are_stored_from_the_page_and_their_event_is_shown()
    {
        var ada = await (await OpenVoicePageAsync()).JoinListenerAsync("Ada", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await Assertions.Expect(desk.Page.GetByTestId("channel-live")).ToHaveTextAsync("live", Soon);
        await desk.BecomeAdministratorAsync();

        await desk.Page.GetByLabel("Mode").SelectOptionAsync("sfu");
        await desk.Page.GetByTestId("save-settings").ClickAsync();

        await ada.PlaysAsync("sfu");
        await Assertions.Expect(desk.Page.GetByTestId("channel-mode")).ToHaveTextAsync("SFU", Soon);
        await Assertions.Expect(desk.Page.GetByTestId("happened").Locator("[data-event='settings']")).ToContainTextAsync("mode sfu", new() { Timeout = 15_000 });
        await Assertions.Expect(desk.Page.GetByTestId("happened").Locator("[data-event='room']").First).ToContainTextAsync("opened");
    }

    [Test]
    public async Task A_channel_that_is_closed_ends_for_everybody()
    {
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinListenerAsync("Ada", Channel);
        var bob = await page.JoinListenerAsync("Bob", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await desk.BecomeAdministratorAsync();

        await desk.Page.GetByTestId("close-channel").ClickAsync();
        await desk.Page.GetByTestId("confirm-do").ClickAsync();

        await ada.IsToldAsync("closed");
        await bob.IsToldAsync("closed");
        await Assertions.Expect(desk.Page.GetByTestId("channel")).ToContainTextAsync("No channel of this name has participants.", new() { Timeout = 15_000 });
    }

    [Test]
    public async Task A_node_that_is_drained_shows_it_until_it_is_taken_back()
    {
        var desk = await Desk.OpenAsync(OpenPageAsync);
        await desk.BecomeAdministratorAsync();

        await desk.Nodes.GetByTestId("drain").ClickAsync();
        await desk.Page.GetByTestId("confirm-do").ClickAsync();

        await Assertions.Expect(desk.Nodes.GetByTestId("draining")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await desk.Nodes.GetByTestId("drain").ClickAsync();
        await Assertions.Expect(desk.Nodes.GetByTestId("draining")).ToBeHiddenAsync(new() { Timeout = 15_000 });
    }

    [Test]
    public async Task A_channel_that_is_not_there_is_named_with_the_sentence()
    {
        var desk = await Desk.OpenAsync(OpenPageAsync, "nobody-is-here");

        await Assertions.Expect(desk.Page.GetByTestId("channel")).ToContainTextAsync("#nobody-is-here: No channel of this name has participants.");
    }

    [Test]
    public async Task The_orleans_dashboard_is_beside_it()
    {
        var desk = await Desk.OpenAsync(OpenPageAsync);

        var dashboard = await desk.Page.Context.RunAndWaitForPageAsync(() => desk.Page.GetByTestId("orleans").ClickAsync());

        await Assertions.Expect(dashboard.Locator("body")).ToContainTextAsync("Silo", new() { Timeout = 15_000 });
        await Desk.ShootAsync(dashboard, "admin-orleans");
    }
}
