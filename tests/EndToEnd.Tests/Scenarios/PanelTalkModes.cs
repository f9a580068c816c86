using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>The settings say when you are heard; they stay in this browser.</summary>
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
    public async Task Push_to_talk_is_heard_while_the_key_is_held_or_the_button()
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
        await _panel.Mouse.MoveAsync(5, 5); // slipped off it, still held
        await _panel.Mouse.UpAsync();
        await TransmitsAsync(false);
    }

    [Test]
    public async Task Another_key_can_be_chosen_and_both_choices_outlive_a_reload()
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
    public async Task A_button_that_was_clicked_does_not_take_the_key_away()
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
    public async Task Voice_activation_says_whether_you_are_heard()
    {
        await _panel.GetByTestId("open-settings").ClickAsync();
        await _panel.GetByTestId("talk-voice").CheckAsync();

        // The fake microphone beeps once a second; below the mark it is not heard, above it is.
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
