using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that the talk modes of the panel's settings work, and that the browser stores the chosen one.</summary>
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

    private Task TransmitsAsync(bool transmits) =>
        _panel.WaitForFunctionAsync("transmits => hype.channel.transmitting === transmits", transmits, new() { Timeout = 10_000 });
}
