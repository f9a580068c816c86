using Hype.EndToEnd.Tests.Admin;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that the admin page shows nodes, channels and participants as they change, and that its actions take effect.</summary>
internal sealed class AdminPage : Scenario
{
    private static readonly LocatorAssertionsToHaveTextOptions Soon = new() { Timeout = 15_000 };

    [Test]
    public async Task Map_shows_the_region_with_the_gateway_and_the_media_node_with_a_load_meter()
    {
        var desk = await Desk.OpenAsync(OpenPageAsync);

        await Assertions.Expect(desk.Nodes).ToHaveCountAsync(1);
        await Assertions.Expect(desk.Page.Locator("[data-region='local'] h3")).ToHaveTextAsync("local");
        await Assertions.Expect(desk.Page.Locator("[data-region='local'] .gateways")).ToContainTextAsync("this gateway");
        await Assertions.Expect(desk.Nodes.GetByRole(AriaRole.Meter))
            .ToHaveAttributeAsync("aria-valuenow", new System.Text.RegularExpressions.Regex(@"^\d+$"));
        await Assertions.Expect(desk.Page.Locator("[data-sum='nodes'] dd")).ToHaveTextAsync("1");
    }

    [Test]
    public async Task Channel_page_shows_each_join_leave_mute_and_mode_change_without_a_reload()
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
    public async Task Admin_page_in_Development_is_readable_without_a_token_and_actions_require_one()
    {
        await (await OpenVoicePageAsync()).JoinListenerAsync("Ada", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);

        await desk.Person("Ada").GetByTestId("mute").ClickAsync();

        await Assertions.Expect(desk.Page.GetByTestId("toast")).ToContainTextAsync("Become administrator first.");
        await Assertions.Expect(desk.Cell("Ada", "state")).ToHaveTextAsync("");
    }

    [Test]
    public async Task Mute_on_the_admin_page_silences_the_participant_until_unmute()
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
    public async Task Kick_requires_a_confirmation()
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
        await bob.ReceivesAsync("closed");
        await ada.SeesAsync("Ada");
    }

    [Test]
    public async Task Ban_removes_the_participant_and_stays_in_the_ban_list_until_the_ban_is_lifted()
    {
        var page = await OpenVoicePageAsync();
        await page.JoinListenerAsync("Ada", Channel);
        var bob = await page.JoinListenerAsync("Bob", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await desk.BecomeAdministratorAsync();

        await desk.Person("Bob").GetByTestId("ban").ClickAsync();
        await desk.Page.GetByTestId("ban-reason").FillAsync("noise");
        await desk.Page.GetByTestId("confirm-do").ClickAsync();

        await bob.ReceivesAsync("closed");
        var ban = desk.Page.GetByTestId("bans").Locator($"[data-identity='{bob.Identity}']");
        await Assertions.Expect(ban).ToContainTextAsync("noise");
        await ban.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(ban).ToBeHiddenAsync();
    }

    [Test]
    public async Task Moved_participant_appears_in_the_other_channel()
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
    public async Task Saved_mode_setting_switches_the_channel_and_appears_in_the_list_of_events()
    {
        var ada = await (await OpenVoicePageAsync()).JoinListenerAsync("Ada", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await Assertions.Expect(desk.Page.GetByTestId("channel-live")).ToHaveTextAsync("live", Soon);
        await desk.BecomeAdministratorAsync();

        await desk.Page.GetByLabel("Mode").SelectOptionAsync("sfu");
        await desk.Page.GetByTestId("save-settings").ClickAsync();

        await ada.PlaysAsync("sfu");
        await Assertions.Expect(desk.Page.GetByTestId("channel-mode")).ToHaveTextAsync("SFU", Soon);
        await Assertions.Expect(desk.Page.GetByTestId("happened").Locator("[data-event='settings']"))
            .ToContainTextAsync("mode sfu", new() { Timeout = 15_000 });
        await Assertions.Expect(desk.Page.GetByTestId("happened").Locator("[data-event='room']").First).ToContainTextAsync("opened");
    }

    [Test]
    public async Task Unsaved_setting_survives_events_and_shows_what_another_administrator_changed_meanwhile()
    {
        var page = await OpenVoicePageAsync();
        await page.JoinListenerAsync("Ada", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await Assertions.Expect(desk.Page.GetByTestId("channel-live")).ToHaveTextAsync("live", Soon);
        await desk.BecomeAdministratorAsync();

        await desk.Page.GetByLabel("Mode").SelectOptionAsync("p2p");
        await desk.Page.GetByTestId("prefix").FocusAsync();
        await page.JoinListenerAsync("Bob", Channel);
        await Assertions.Expect(desk.Names).ToHaveTextAsync(["Ada", "Bob"], Soon);
        await Assertions.Expect(desk.Page.GetByLabel("Mode")).ToHaveValueAsync("p2p");
        await Assertions.Expect(desk.Page.GetByTestId("settings-changed")).ToBeHiddenAsync();

        await Gateway.Api.SetModeAsync(Channel, "sfu");
        await Assertions.Expect(desk.Page.GetByTestId("settings-changed"))
            .ToContainTextAsync("the mode is now sfu", new() { Timeout = 15_000 });
        await Assertions.Expect(desk.Page.GetByLabel("Mode")).ToHaveValueAsync("p2p");
        await Desk.ShootAsync(desk.Page, "admin-settings-changed");
        await desk.Page.GetByTestId("settings-theirs").ClickAsync();
        await Assertions.Expect(desk.Page.GetByLabel("Mode")).ToHaveValueAsync("sfu");
        await Assertions.Expect(desk.Page.GetByTestId("settings-changed")).ToBeHiddenAsync();

        await desk.Page.GetByLabel("Mode").SelectOptionAsync("p2p");
        await desk.Page.GetByTestId("save-settings").ClickAsync();
        await Assertions.Expect(desk.Page.GetByTestId("channel-mode")).ToHaveTextAsync("P2P", Soon);
        await Assertions.Expect(desk.Page.GetByLabel("Mode")).ToHaveValueAsync("p2p");
    }

    [Test]
    public async Task Setting_that_is_edited_while_another_one_is_being_saved_stays()
    {
        await (await OpenVoicePageAsync()).JoinListenerAsync("Ada", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await desk.BecomeAdministratorAsync();
        var (arrived, proceed) = (new TaskCompletionSource(), new TaskCompletionSource());
        await desk.Page.RouteAsync("**/settings", async route =>
        {
            arrived.TrySetResult();
            await proceed.Task;
            await route.ContinueAsync();
        });

        await desk.Page.GetByLabel("Mode").SelectOptionAsync("sfu");
        await desk.Page.GetByTestId("save-settings").ClickAsync();
        await arrived.Task;
        await desk.Page.GetByLabel("Mode").SelectOptionAsync("p2p");
        proceed.SetResult();

        await Assertions.Expect(desk.Page.GetByTestId("channel-mode")).ToHaveTextAsync("SFU", Soon);
        await Assertions.Expect(desk.Page.GetByLabel("Mode")).ToHaveValueAsync("p2p");
        await Assertions.Expect(desk.Page.GetByTestId("settings-changed")).ToBeHiddenAsync();
    }

    [TestCase("github/42 %2F")]
    [TestCase("O'Brien 🎧")]
    public async Task Ban_reaches_an_identity_with_any_visible_characters(string identity)
    {
        var page = await OpenVoicePageAsync();
        await page.JoinListenerAsync("Ada", Channel);
        var bob = await page.JoinAsync(new Invitation { Key = "Bob", Channel = Channel, Identity = identity });
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await desk.BecomeAdministratorAsync();

        await desk.Person("Bob").GetByTestId("ban").ClickAsync();
        await desk.Page.GetByTestId("confirm-do").ClickAsync();

        await bob.ReceivesAsync("closed");
        var ban = desk.Page.GetByTestId("bans").GetByText(identity, new() { Exact = true });
        await Assertions.Expect(ban).ToBeVisibleAsync();
        await desk.Page.GetByTestId("bans").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(ban).ToBeHiddenAsync();
    }

    [Test]
    public async Task Closed_channel_ends_the_sessions_of_all_participants()
    {
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinListenerAsync("Ada", Channel);
        var bob = await page.JoinListenerAsync("Bob", Channel);
        var desk = await Desk.OpenAsync(OpenPageAsync, Channel);
        await desk.BecomeAdministratorAsync();

        await desk.Page.GetByTestId("close-channel").ClickAsync();
        await desk.Page.GetByTestId("confirm-do").ClickAsync();

        await ada.ReceivesAsync("closed");
        await bob.ReceivesAsync("closed");
        await Assertions.Expect(desk.Page.GetByTestId("channel"))
            .ToContainTextAsync("No channel of this name has participants.", new() { Timeout = 15_000 });
    }

    [Test]
    public async Task Node_is_shown_as_draining_until_undrain()
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
    public async Task Page_of_an_unknown_channel_shows_the_channel_name_and_the_error()
    {
        var desk = await Desk.OpenAsync(OpenPageAsync, "empty-channel");

        await Assertions.Expect(desk.Page.GetByTestId("channel"))
            .ToContainTextAsync("#empty-channel: No channel of this name has participants.");
    }

    [Test]
    public async Task Orleans_dashboard_opens_from_the_admin_page()
    {
        var desk = await Desk.OpenAsync(OpenPageAsync);

        var dashboard = await desk.Page.Context.RunAndWaitForPageAsync(() => desk.Page.GetByTestId("orleans").ClickAsync());

        await Assertions.Expect(dashboard.Locator("body")).ToContainTextAsync("Silo", new() { Timeout = 15_000 });
        await Desk.ShootAsync(dashboard, "admin-orleans");
    }
}
