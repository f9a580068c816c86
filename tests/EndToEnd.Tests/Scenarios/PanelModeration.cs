using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that a moderator acts through the panel's menu, and that the moderated participant's panel shows the effect.</summary>
internal sealed class PanelModeration : Scenario
{
    private IPage _ada = null!;
    private IPage _bob = null!;

    protected override IReadOnlyDictionary<string, string> Settings => SigningKey.Settings;

    [SetUp]
    public async Task TwoPanels()
    {
        _ada = await OpenPageAsync(new() { ViewportSize = PanelPage.Desktop });
        _bob = await OpenPageAsync(new() { ViewportSize = PanelPage.Desktop });
        // A guest moderates one channel only, and a move requires the grant in both.
        var token = SigningKey.Mint("ada", "Ada", $"{Channel}*");
        await _ada.RouteAsync("**/api/voice/tokens/guest", route => route.FulfillAsync(new() { Json = new { token, identity = "ada" } }));
        await PanelPage.JoinAsync(_ada, "Ada", Channel);
        await PanelPage.JoinAsync(_bob, "Bob", Channel);
        await Assertions.Expect(_ada.Member("Bob")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Participant_muted_by_a_moderator_sees_a_disabled_mute_button_until_the_moderator_unmutes()
    {
        await _ada.OpenMenuOfAsync("Bob");
        await _ada.GetByTestId("menu-mute").ClickAsync();

        var mute = _bob.GetByTestId("mute");
        await Assertions.Expect(mute).ToHaveAttributeAsync("aria-disabled", "true");
        await Assertions.Expect(mute).ToContainTextAsync("Silenced");
        await Assertions.Expect(_ada.Member("Bob").Locator("[data-flag='server-muted']")).ToBeVisibleAsync();

        await mute.ClickAsync(new() { Force = true }); // the button is marked as disabled; a click explains the reason
        await _bob.Keyboard.PressAsync("m");

        await Assertions.Expect(_bob.GetByTestId("toast"))
            .ToContainTextAsync("A moderator muted you. Only a moderator can let you speak.");
        Assert.That(await _bob.EvaluateAsync<bool>("() => hype.channel.muted"), Is.False, "the participant's own mute is unchanged");

        await _ada.OpenMenuOfAsync("Bob");
        await Assertions.Expect(_ada.GetByTestId("menu-mute")).ToHaveTextAsync("Let speak again");
        await _ada.GetByTestId("menu-mute").ClickAsync();

        await Assertions.Expect(mute).ToHaveAttributeAsync("aria-disabled", "false");
        await Assertions.Expect(mute).ToContainTextAsync("Mute");
    }

    [Test]
    public async Task Kicked_participant_sees_the_reason_after_the_moderator_has_confirmed()
    {
        await _ada.OpenMenuOfAsync("Bob");
        await _ada.GetByTestId("menu-kick").ClickAsync();
        await Assertions.Expect(_ada.GetByTestId("ask")).ToContainTextAsync("Remove Bob?");

        await _ada.GetByTestId("ask-action").ClickAsync();

        await Assertions.Expect(_bob.GetByTestId("join-error")).ToHaveTextAsync("A moderator removed you from the channel.");
        await Assertions.Expect(_ada.Member("Bob")).ToHaveCountAsync(0);
        await Assertions.Expect(_ada.GetByTestId("ask")).ToBeHiddenAsync();
    }

    [Test]
    public async Task Moved_participant_sees_the_other_channel_and_stays_there_after_a_reload()
    {
        var other = $"{Channel}-other";
        await _ada.OpenMenuOfAsync("Bob");
        await _ada.GetByTestId("menu-move").ClickAsync();
        await _ada.GetByTestId("ask-input").FillAsync(other);
        await _ada.Keyboard.PressAsync("Enter");

        await Assertions.Expect(_bob.GetByTestId("channel-name")).ToHaveTextAsync(other);
        await Assertions.Expect(_bob.GetByTestId("toast")).ToContainTextAsync($"A moderator moved you to #{other}.");
        await Assertions.Expect(_bob.GetByTestId("member-count")).ToHaveTextAsync("1");
        await Assertions.Expect(_bob.Member("Ada")).ToHaveCountAsync(0);
        await Assertions.Expect(_ada.GetByTestId("member-count")).ToHaveTextAsync("1");

        await _bob.ReloadAsync();

        await Assertions.Expect(_bob.GetByTestId("channel-name")).ToHaveTextAsync(other, new() { Timeout = 15_000 });
    }

    [Test]
    public async Task Refused_move_shows_the_error_and_can_be_tried_again()
    {
        await _bob.OpenMenuOfAsync("Ada");
        await _bob.GetByTestId("menu-move").ClickAsync();
        await _bob.GetByTestId("ask-input").FillAsync("elsewhere");
        await _bob.GetByTestId("ask-action").ClickAsync();

        await Assertions.Expect(_bob.GetByTestId("ask")).ToContainTextAsync("You do not moderate that channel");
        await Assertions.Expect(_bob.GetByTestId("ask-action")).ToBeEnabledAsync();
        await Assertions.Expect(_ada.GetByTestId("channel-name")).ToHaveTextAsync(Channel);
    }

    [Test]
    public async Task Menu_of_a_participant_works_with_the_keyboard_alone()
    {
        await _ada.Member("Bob").GetByTestId("more").FocusAsync();
        await _ada.Keyboard.PressAsync("Enter");
        await Assertions.Expect(_ada.GetByTestId("menu-volume")).ToBeFocusedAsync();

        await _ada.Keyboard.PressAsync("ArrowLeft");
        await _ada.Keyboard.PressAsync("Tab");
        await Assertions.Expect(_ada.GetByTestId("menu-silence")).ToBeFocusedAsync();
        await _ada.Keyboard.PressAsync("Enter");
        await _ada.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(_ada.GetByTestId("menu-mute")).ToBeFocusedAsync();
        await _ada.Keyboard.PressAsync("Escape");

        await Assertions.Expect(_ada.GetByTestId("member-menu")).ToBeHiddenAsync();
        await Assertions.Expect(_ada.Member("Bob").GetByTestId("more")).ToBeFocusedAsync();
        await Assertions.Expect(_ada.Member("Bob")).ToHaveAttributeAsync("data-silenced", "true");
        var wanted = await _ada.EvaluateAsync<double>(
            "() => hype.channel.volumes.of(hype.channel.roster.find(({ name }) => name === 'Bob').number).volume");
        Assert.That(wanted, Is.EqualTo(0.95));
    }

    [Test]
    public async Task Menu_of_a_participant_has_no_moderation_section_if_the_user_may_not_moderate()
    {
        await _bob.EvaluateAsync("() => Object.defineProperty(hype.channel.moderate, 'allowed', { value: false })");

        await _bob.OpenMenuOfAsync("Ada");

        await Assertions.Expect(_bob.GetByTestId("menu-volume")).ToBeVisibleAsync();
        await Assertions.Expect(_bob.GetByTestId("menu-moderation")).ToBeHiddenAsync();
    }
}
