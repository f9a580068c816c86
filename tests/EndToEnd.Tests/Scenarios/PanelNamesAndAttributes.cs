using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that the panel shows the application's names and attributes of a channel and its participants as plain text, even if they
/// contain markup.
/// </summary>
internal sealed class PanelNamesAndAttributes : Scenario
{
    private const string Markup = "<img src=x onerror='window.harmed = true'>";

    [Test]
    public async Task Panel_shows_channel_name_and_participant_attributes_as_plain_text()
    {
        await Gateway.Api.SetSettingsAsync(Channel, new { name = $"Friday {Markup}", metadata = "Bring cake." });
        var page = await OpenVoicePageAsync();
        var grace = await page.JoinListenerAsync("Grace", Channel);
        await Gateway.Api.SetAttributesAsync(
            Channel, grace.Number, new Dictionary<string, string> { ["team"] = "compilers", ["note"] = Markup });

        var panel = await OpenPageAsync(new() { ViewportSize = PanelPage.Desktop, ColorScheme = ColorScheme.Light });
        await PanelPage.JoinAsync(panel, "Ada", Channel);

        await Assertions.Expect(panel.GetByTestId("channel-title")).ToHaveTextAsync($"Friday {Markup}");
        await Assertions.Expect(panel.GetByTestId("channel-name")).ToHaveTextAsync(Channel);
        await Assertions.Expect(panel.Locator("#channel-heading")).ToHaveAttributeAsync("title", "Bring cake.");
        await Assertions.Expect(panel.Member("Grace").Locator(".name"))
            .ToHaveAttributeAsync("title", $"Grace\nnote: {Markup}\nteam: compilers");
        await panel.OpenMenuOfAsync("Grace");
        await Assertions.Expect(panel.GetByTestId("menu-attributes").Locator("dd")).ToHaveTextAsync([Markup, "compilers"]);
        await panel.ShootAsync("panel-names");

        await Gateway.Api.SetAttributesAsync(Channel, grace.Number, new Dictionary<string, string> { ["team"] = "hardware" });
        await Assertions.Expect(panel.GetByTestId("menu-attributes").Locator("dd")).ToHaveTextAsync(["hardware"]);
        Assert.That(await panel.EvaluateAsync<bool>("() => 'harmed' in window"), Is.False);
    }
}
