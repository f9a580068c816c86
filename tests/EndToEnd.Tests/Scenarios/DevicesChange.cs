using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that the panel follows audio devices that are unplugged and plugged in during a call.</summary>
internal sealed class DevicesChange : Scenario
{
    // Chromium's fake devices cannot be unplugged: this script hides them from the page instead.
    private const string Plugs =
        """
        const unplugged = new Set();
        const enumerate = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
        navigator.mediaDevices.enumerateDevices = async () => (await enumerate()).filter(({ label }) => !unplugged.has(label));
        window.plug = (label, isIn) => {
          unplugged[isIn ? 'delete' : 'add'](label);
          navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
        };
        """;

    private const string Headset = "Fake Audio Input 1";
    private const string Default = "Fake Default Audio Input";
    private const string Earphones = "Fake Audio Output 1";

    private IPage _panel = null!;

    private ILocator Microphone => _panel.GetByTestId("microphone");

    private ILocator Toast => _panel.GetByTestId("toast");

    [SetUp]
    public async Task Join()
    {
        _panel = await OpenPageAsync(new() { ViewportSize = PanelPage.Desktop });
        await _panel.AddInitScriptAsync(Plugs);
        await PanelPage.JoinAsync(_panel, "Ada", Channel);
        await Assertions.Expect(Microphone.Locator("option")).Not.ToHaveCountAsync(1);
    }

    [Test]
    public async Task Device_list_shows_the_devices_that_are_plugged_in()
    {
        await PlugAsync(Headset, false);
        await Assertions.Expect(Microphone).Not.ToContainTextAsync(Headset);

        await PlugAsync(Headset, true);
        await Assertions.Expect(Microphone).ToContainTextAsync(Headset);
    }

    [Test]
    public async Task Unplugged_microphone_is_replaced_by_the_default_microphone_and_the_panel_shows_a_notice()
    {
        var listener = await (await OpenVoicePageAsync()).JoinListenerAsync("Bob", Channel);
        await Microphone.SelectOptionAsync(new SelectOptionValue { Label = Headset });
        await _panel.WaitForFunctionAsync("label => hype.channel.microphone.label === label", Headset);

        await PlugAsync(Headset, false);

        await Assertions.Expect(Toast).ToContainTextAsync($"{Headset} was unplugged. You speak into {Default}");
        await Assertions.Expect(Microphone.Locator("option:checked")).ToHaveTextAsync(Default);
        Assert.That(await _panel.EvaluateAsync<bool>("() => hype.channel.transmitting"), Is.True);
        await Assertions.Expect(_panel.GetByTestId("listener-note")).ToBeHiddenAsync();
        await listener.NoticesAsync("Ada"); // the fake microphone beeps, and the others receive it
    }

    [Test]
    public async Task Unplugged_output_device_is_replaced_by_the_default_output_device()
    {
        await _panel.GetByTestId("open-settings").ClickAsync();
        await _panel.GetByTestId("speaker").SelectOptionAsync(new SelectOptionValue { Label = Earphones });
        await _panel.WaitForFunctionAsync("() => hype.channel.devices.speaker !== ''");

        await PlugAsync(Earphones, false);

        await Assertions.Expect(Toast).ToContainTextAsync($"{Earphones} was unplugged");
        Assert.That(await _panel.EvaluateAsync<string>("() => hype.channel.devices.speaker"), Is.Empty);
    }

    [Test]
    public async Task Chosen_microphone_is_used_again_after_a_reload()
    {
        await Microphone.SelectOptionAsync(new SelectOptionValue { Label = Headset });
        await _panel.WaitForFunctionAsync("label => hype.channel.microphone.label === label", Headset);

        await _panel.ReloadAsync();

        await Assertions.Expect(Microphone.Locator("option:checked")).ToHaveTextAsync(Headset, new() { Timeout = 15_000 });
    }

    private Task PlugAsync(string label, bool isIn) =>
        _panel.EvaluateAsync("([label, isIn]) => plug(label, isIn)", new object[] { label, isIn });
}
