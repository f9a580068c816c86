using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that the talk modes of the panel's settings work, that a reload keeps the chosen mode and the person's mute, and that a link
/// does not turn the microphone on.
/// </summary>
internal sealed class PanelTalkModes : Scenario
{
    private IPage _panel = null!;

    [SetUp]
    public async Task Join()
    {
        _panel = await OpenPageAsync(new() { ViewportSize = PanelPage.Desktop });
        await PanelPage.JoinAsync(_panel, "Ada", Channel);
        await TransmitsAsync(true);
    }

    [Test]
    public async Task Push_to_talk_transmits_while_the_key_or_the_button_is_held()
    {
        await ChooseAsync("talk-push");
        await TransmitsAsync(false);

        await _panel.Keyboard.DownAsync("Space");
        await TransmitsAsync(true);
        await _panel.Keyboard.UpAsync("Space");
        await TransmitsAsync(false);

        await _panel.GetByTestId("talk").HoverAsync();
        await _panel.Mouse.DownAsync();
        await TransmitsAsync(true);
        await _panel.Mouse.MoveAsync(5, 5); // moved off the button, still held
        await _panel.Mouse.UpAsync();
        await TransmitsAsync(false);
    }

    [Test]
    public async Task Chosen_push_to_talk_mode_and_key_survive_a_reload()
    {
        await _panel.GetByTestId("open-settings").ClickAsync();
        await _panel.GetByTestId("talk-push").CheckAsync();
        await _panel.GetByTestId("talk-key").ClickAsync();
        await _panel.Keyboard.PressAsync("v");
        await Assertions.Expect(_panel.GetByTestId("talk-key")).ToHaveTextAsync("V");

        await _panel.ReloadAsync();
        await Assertions.Expect(_panel.GetByTestId("talk")).ToBeVisibleAsync(new() { Timeout = 15_000 });

        await TransmitsAsync(false);
        await _panel.Keyboard.DownAsync("v");
        await TransmitsAsync(true);
        await _panel.Keyboard.UpAsync("v");
        await TransmitsAsync(false);
    }

    [TestCase("mute")]
    [TestCase("deafen")]
    public async Task Muted_or_deafened_person_is_still_silent_after_a_reload_and_an_unmuted_one_is_heard(string button)
    {
        await _panel.GetByTestId(button).ClickAsync();
        await JoinedAsync(silent: true);

        await _panel.ReloadAsync();
        await JoinedAsync(silent: true);
        await Assertions.Expect(_panel.GetByTestId(button)).ToHaveAttributeAsync("aria-pressed", "true");

        await _panel.GetByTestId("mute").ClickAsync();
        await TransmitsAsync(true);
        await _panel.ReloadAsync();
        await JoinedAsync(silent: false);
        await TransmitsAsync(true);
    }

    [TestCase("&autojoin=1")]
    [TestCase("")]
    public async Task Link_joins_muted_also_in_a_tab_that_was_in_the_channel_and_spoke(string autojoin)
    {
        var link = $"{GatewayProcess.Url}?name=Ada&channel={Channel}{autojoin}";
        await _panel.GotoAsync(link);
        await JoinedAsync(silent: true);
        await _panel.GetByTestId("mute").ClickAsync();
        await TransmitsAsync(true);

        // As a page that opened this tab can do it.
        await _panel.EvaluateAsync("link => { location.href = link; }", link);
        await JoinedAsync(silent: true);
        await _panel.GotoAsync("about:blank");
        await _panel.GotoAsync(link);
        await JoinedAsync(silent: true);
        await TransmitsAsync(false);
    }

    [Test]
    public async Task Push_to_talk_key_works_after_a_button_was_clicked()
    {
        await ChooseAsync("talk-push");
        await _panel.GetByTestId("mute").ClickAsync();
        await _panel.GetByTestId("mute").ClickAsync();

        await _panel.Keyboard.DownAsync("Space");
        await TransmitsAsync(true);
        await _panel.Keyboard.UpAsync("Space");

        await TransmitsAsync(false);
        await Assertions.Expect(_panel.GetByTestId("mute")).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Test]
    public async Task Panel_shows_whether_voice_activation_transmits()
    {
        await _panel.GetByTestId("open-settings").ClickAsync();
        await _panel.GetByTestId("talk-voice").CheckAsync();

        // The fake microphone beeps once a second: a threshold above the beep blocks it, and one below lets it through.
        await _panel.GetByTestId("threshold").FillAsync("100");
        await Assertions.Expect(_panel.GetByTestId("heard")).ToContainTextAsync("Not heard");
        await _panel.GetByTestId("threshold").FillAsync("30");
        await Assertions.Expect(_panel.GetByTestId("heard")).ToHaveTextAsync("You are heard");
    }

    private async Task ChooseAsync(string talk)
    {
        await _panel.GetByTestId("open-settings").ClickAsync();
        await _panel.GetByTestId(talk).CheckAsync();
        await _panel.GetByTestId("close-settings").ClickAsync();
    }

    /// <summary>Waits until the page has joined, and until its participant is silent, which is muted or deafened, or is not.</summary>
    private Task JoinedAsync(bool silent) =>
        _panel.WaitForFunctionAsync(
            "silent => window.hype?.channel && (hype.channel.muted || hype.channel.deafened) === silent", silent,
            new() { Timeout = 15_000 });

    private Task TransmitsAsync(bool transmits) =>
        _panel.WaitForFunctionAsync("transmits => hype.channel.transmitting === transmits", transmits, new() { Timeout = 10_000 });
}
