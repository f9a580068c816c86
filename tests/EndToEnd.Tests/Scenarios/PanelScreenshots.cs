using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that the panel shows participants, speakers, mode and switches, and stores screenshots in <c>artifacts/screenshots</c>.
/// </summary>
internal sealed class PanelScreenshots : Scenario
{
    private static readonly string[] Guests = ["Grace Hopper", "Linus", "Margaret Hamilton", "Dennis"];

    // One channel name for each test, in order, for readable screenshots.
    private readonly Queue<string> _channels = new(
        ["lobby", "stand-up", "design", "music", "town-hall", "support", "gaming", "book-club", "night-shift", "release"]);

    // A participant that never sends ready keeps the others switching until the timeout.
    private const string NeverReady =
        """
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (text) {
          if (window.neverReady !== true || JSON.parse(text).type !== 'ready') {
            send.call(this, text);
          }
        };
        """;

    [SetUp]
    public void NameTheChannelForPeople() => Channel = _channels.Dequeue();

    [TestCase("p2p", ColorScheme.Light)]
    [TestCase("p2p", ColorScheme.Dark)]
    [TestCase("sfu", ColorScheme.Light)]
    [TestCase("sfu", ColorScheme.Dark)]
    public async Task Panel_shows_the_speakers_and_the_mode(string mode, ColorScheme scheme)
    {
        await Gateway.Api.SetModeAsync(Channel, mode);
        await GuestsJoinAsync();

        var panel = await JoinAsync(PanelPage.Desktop, scheme);

        await Assertions.Expect(panel.GetByTestId("mode")).ToHaveAttributeAsync("data-mode", mode);
        await Assertions.Expect(panel.GetByTestId("member-count")).ToHaveTextAsync($"{Guests.Length + 1}");
        await Assertions.Expect(Speaking(panel, Guests[0])).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Assertions.Expect(panel.Locator("[data-quality='unknown']")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        await panel.ShootAsync($"panel-{mode}-{scheme}");
    }

    [Test]
    public async Task Panel_shows_a_mode_switch_in_progress_and_the_reason_of_the_switch()
    {
        var guests = await GuestsJoinAsync();
        var panel = await JoinAsync(PanelPage.Desktop, ColorScheme.Dark);
        await Assertions.Expect(panel.GetByTestId("mode")).ToHaveAttributeAsync("data-mode", "p2p");
        await guests.Page.EvaluateAsync("() => { window.neverReady = true; }");

        await panel.EvaluateAsync("() => hype.channel.simulate('switchMode')");

        await Assertions.Expect(panel.GetByTestId("mode")).ToHaveAttributeAsync("data-mode", "switching");
        await panel.GetByTestId("mode").HoverAsync();
        await Assertions.Expect(panel.GetByTestId("mode-reason")).ToBeVisibleAsync();
        await panel.ShootAsync("panel-switching");
        await Assertions.Expect(panel.GetByTestId("mode")).ToHaveAttributeAsync("data-mode", "sfu", new() { Timeout = 15_000 });
    }

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Panel_fits_the_screen_of_a_phone(ColorScheme scheme)
    {
        await GuestsJoinAsync();

        var panel = await JoinAsync(PanelPage.Phone, scheme);

        await Assertions.Expect(Speaking(panel, Guests[0])).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Assertions.Expect(panel.GetByTestId("leave")).ToBeInViewportAsync();
        var overflow = await panel.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.That(overflow, Is.Zero, "nothing scrolls sideways");
        await Assertions.Expect(panel.Locator("[data-quality='unknown']")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        await panel.ShootAsync($"panel-phone-{scheme}");
    }

    [Test]
    public async Task Join_form_works_with_the_keyboard_alone()
    {
        var panel = await OpenPageAsync(new() { ViewportSize = PanelPage.Desktop, ColorScheme = ColorScheme.Light });
        await panel.GotoAsync(GatewayProcess.Url.ToString());
        await Assertions.Expect(panel.GetByTestId("name")).ToBeFocusedAsync();
        await panel.ShootAsync("panel-join");

        await panel.Keyboard.TypeAsync("Ada");
        await panel.Keyboard.PressAsync("Tab");
        await panel.Keyboard.PressAsync("Control+A");
        await panel.Keyboard.TypeAsync(Channel);
        await panel.Keyboard.PressAsync("Enter");

        await Assertions.Expect(panel.GetByTestId("channel-name")).ToHaveTextAsync(Channel);
        await panel.Keyboard.PressAsync("m");
        await Assertions.Expect(panel.GetByTestId("mute")).ToHaveAttributeAsync("aria-pressed", "true");
        await panel.Keyboard.PressAsync("m");
        await Assertions.Expect(panel.GetByTestId("mute")).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Test]
    public async Task Reloaded_panel_rejoins_with_the_same_identity()
    {
        var guest = await (await OpenVoicePageAsync()).JoinListenerAsync("Grace", Channel);
        var panel = await JoinAsync(PanelPage.Desktop, ColorScheme.Light);
        await guest.SeesAsync("Ada", "Grace");
        var identity = await panel.EvaluateAsync<string>("() => hype.channel.identity");

        await panel.ReloadAsync();

        await Assertions.Expect(panel.GetByTestId("member-count")).ToHaveTextAsync("2", new() { Timeout = 15_000 });
        Assert.That(await panel.EvaluateAsync<string>("() => hype.channel.identity"), Is.EqualTo(identity));
        await guest.SeesAsync("Ada", "Grace");
    }

    private async Task<VoicePage> GuestsJoinAsync()
    {
        var page = await OpenVoicePageAsync(page => page.AddInitScriptAsync(NeverReady));
        await page.JoinSpeakerAsync(Guests[0], Channel, Tone.Of(0));
        foreach (var name in Guests.Skip(1))
            await page.JoinListenerAsync(name, Channel);
        return page;
    }

    private async Task<IPage> JoinAsync(ViewportSize size, ColorScheme scheme)
    {
        var panel = await OpenPageAsync(new() { ViewportSize = size, ColorScheme = scheme, DeviceScaleFactor = 2 });
        await PanelPage.JoinAsync(panel, "Ada", Channel);
        return panel;
    }

    private static ILocator Speaking(IPage panel, string name) => panel.Locator($"[data-name='{name}'][data-speaking='true']");
}
