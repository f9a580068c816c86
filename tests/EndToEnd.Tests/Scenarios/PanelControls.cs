using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that the panel's menu, dialogs, settings and report work and fit the window, and stores screenshots in
/// <c>artifacts/screenshots</c>.
/// </summary>
internal sealed class PanelControls : Scenario
{
    private const string Guest = "Grace Hopper";

    // One channel name for each test, in order, for readable screenshots.
    private readonly Queue<string> _channels = new(
        ["lobby", "stand-up", "design", "music", "town-hall", "support", "gaming", "book-club"]);

    [SetUp]
    public void NameTheChannelForPeople() => Channel = _channels.Dequeue();

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Menu_of_a_participant_fits_beside_the_tile_of_the_participant(ColorScheme scheme)
    {
        var panel = await JoinAsync(PanelPage.Desktop, scheme);
        await panel.EvaluateAsync("() => hype.channel.volumes.set(hype.channel.roster.find(({ name }) => name === 'Linus').number, 0.6)");
        await panel.EvaluateAsync(
            "() => hype.channel.volumes.silence(hype.channel.roster.find(({ name }) => name === 'Dennis').number, true)");

        await panel.OpenMenuOfAsync(Guest);

        await Assertions.Expect(panel.GetByTestId("menu-kick")).ToBeInViewportAsync(new() { Ratio = 1 });
        await panel.ShootAsync($"menu-{scheme}");
        await panel.GetByTestId("menu-move").ClickAsync();
        await Assertions.Expect(panel.GetByTestId("ask-input")).ToBeFocusedAsync();
        await panel.ShootAsync($"move-{scheme}");
    }

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Settings_show_the_round_trip_time_and_the_contents_of_the_connection_report(ColorScheme scheme)
    {
        var panel = await JoinAsync(PanelPage.Desktop, scheme);

        await panel.GetByTestId("open-settings").ClickAsync();
        await panel.GetByTestId("talk-voice").CheckAsync();

        await Assertions.Expect(panel.GetByTestId("facts").Locator("div", new() { HasText = "Round trip" }))
            .ToContainTextAsync("ms", new() { Timeout = 15_000 });
        await panel.ShootAsync($"settings-{scheme}");
        await panel.GetByText("Contents of the report").ClickAsync();
        await panel.GetByTestId("report").ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(panel.GetByTestId("report")).ToContainTextAsync("Hype connection report");
        await panel.ShootAsync($"report-{scheme}");
    }

    [TestCase(ColorScheme.Dark)]
    public async Task Menu_and_settings_fit_the_screen_of_a_phone(ColorScheme scheme)
    {
        var panel = await JoinAsync(PanelPage.Phone, scheme);

        await panel.OpenMenuOfAsync(Guest);
        await Assertions.Expect(panel.GetByTestId("menu-kick")).ToBeInViewportAsync(new() { Ratio = 1 });
        await panel.ShootAsync($"phone-menu-{scheme}");
        await panel.Keyboard.PressAsync("Escape");
        await panel.GetByTestId("open-settings").ClickAsync();
        await panel.GetByTestId("talk-push").CheckAsync();
        await panel.ShootAsync($"phone-settings-{scheme}");
        await panel.GetByTestId("close-settings").ClickAsync();
        await Assertions.Expect(panel.GetByTestId("talk")).ToBeInViewportAsync(new() { Ratio = 1 });
        var overflow = await panel.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.That(overflow, Is.Zero, "nothing scrolls sideways");
        await panel.ShootAsync($"phone-talk-{scheme}");
    }

    [Test]
    public async Task Copy_button_copies_the_connection_report_as_text()
    {
        var panel = await JoinAsync(PanelPage.Desktop, ColorScheme.Light);
        await panel.Context.GrantPermissionsAsync(["microphone", "clipboard-read", "clipboard-write"]);
        await panel.GetByTestId("open-settings").ClickAsync();

        await panel.GetByTestId("copy-report").ClickAsync();

        await Assertions.Expect(panel.GetByTestId("report-copied")).ToHaveTextAsync("Copied.");
        var copied = await panel.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.That(copied, Does.StartWith("Hype connection report:").And.Contain("direct: "));
    }

    [Test]
    public async Task Participant_muted_by_a_moderator_sees_Silenced_on_the_mute_button()
    {
        var panel = await JoinAsync(PanelPage.Desktop, ColorScheme.Dark);

        await panel.EvaluateAsync("() => hype.channel.moderate.mute(hype.channel.number)");

        await Assertions.Expect(panel.GetByTestId("mute")).ToContainTextAsync("Silenced");
        await panel.ShootAsync("panel-silenced");
    }

    private async Task<IPage> JoinAsync(ViewportSize size, ColorScheme scheme)
    {
        var guests = await OpenVoicePageAsync();
        await guests.JoinSpeakerAsync(Guest, Channel, Tone.Of(0));
        foreach (var name in new[] { "Linus", "Dennis" })
            await guests.JoinListenerAsync(name, Channel);
        var panel = await OpenPageAsync(new() { ViewportSize = size, ColorScheme = scheme, DeviceScaleFactor = 2 });
        await PanelPage.JoinAsync(panel, "Ada", Channel);
        await Assertions.Expect(panel.GetByTestId("member-count")).ToHaveTextAsync("4");
        return panel;
    }
}
