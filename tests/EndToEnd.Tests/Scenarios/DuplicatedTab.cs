using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that a duplicated tab, which starts with a copy of the first tab's session storage, does not replace the first tab in the
/// channel.
/// </summary>
internal sealed class DuplicatedTab : Scenario
{
    [Test]
    public async Task Duplicated_tab_joins_as_a_second_participant_and_the_first_tab_stays_joined()
    {
        var first = await OpenPageAsync(new() { ViewportSize = PanelPage.Desktop });
        await PanelPage.JoinAsync(first, "Ada", Channel);
        var identity = await IdentityAsync(first);

        // A tab that the page itself opens starts with a copy of its session storage, as a duplicated tab does.
        var second = await first.RunAndWaitForPopupAsync(() => first.EvaluateAsync("() => { window.open(location.href); }"));

        await Assertions.Expect(second.GetByTestId("member-count")).ToHaveTextAsync("2", new() { Timeout = 15_000 });
        await Assertions.Expect(first.GetByTestId("member-count")).ToHaveTextAsync("2");
        Assert.That(await IdentityAsync(first), Is.EqualTo(identity));
        Assert.That(await IdentityAsync(second), Is.Not.EqualTo(identity));

        await second.ReloadAsync();

        await Assertions.Expect(second.GetByTestId("member-count")).ToHaveTextAsync("2", new() { Timeout = 15_000 });
        await Assertions.Expect(first.GetByTestId("member-count")).ToHaveTextAsync("2");
    }

    private static Task<string> IdentityAsync(IPage page) => page.EvaluateAsync<string>("() => hype.channel.identity");
}
