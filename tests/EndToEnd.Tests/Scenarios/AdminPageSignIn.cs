using Hype.Cli.Access;
using Hype.EndToEnd.Tests.Testing;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that, outside Development, an administrator signs in to <c>/admin/</c> with a token, which the page stores for its tab only.
/// </summary>
internal sealed class AdminPageSignIn : Scenario
{
    private const string KeyId = "office";
    private const string Secret = "a-secret-of-the-tests-with-more-than-32-bytes";

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["Hype__Auth__Keys__0__Id"] = KeyId,
        ["Hype__Auth__Keys__0__Secret"] = Secret,
        ["Hype__NodeRegistry__JoinSecret"] = "a-join-secret-of-the-tests",
    };

    [Test]
    public async Task Sign_in_form_works_with_the_keyboard_alone()
    {
        var page = await OpenAsync();
        await Assertions.Expect(page.GetByTestId("token")).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByTestId("regions")).ToBeHiddenAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(RepositoryPaths.Artifacts("screenshots"), "admin-sign-in.png") });

        await page.Keyboard.TypeAsync(Token("*"));
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByTestId("who")).ToContainTextAsync("Ada, until");
        await Assertions.Expect(page.GetByTestId("regions").Locator("tr[data-node]")).ToHaveCountAsync(1);
    }

    [TestCase("lobby", "This token may not administer")]
    [TestCase(null, "This is not a token")]
    public async Task Invalid_token_or_token_without_administrator_rights_is_refused_with_the_reason(string? channels, string sentence)
    {
        var page = await OpenAsync();

        await page.GetByTestId("token").FillAsync(channels is null ? "nonsense" : Token(channels));
        await page.GetByTestId("sign-in").ClickAsync();

        await Assertions.Expect(page.GetByTestId("sign-in-error")).ToContainTextAsync(sentence);
        await Assertions.Expect(page.GetByTestId("token")).ToBeFocusedAsync();
        Assert.That(await page.EvaluateAsync<int>("() => sessionStorage.length"), Is.Zero);
    }

    [Test]
    public async Task Token_survives_a_reload_until_sign_out()
    {
        var page = await SignInAsync();

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByTestId("who")).ToContainTextAsync("Ada, until");
        Assert.That(
            await page.EvaluateAsync<int>("() => localStorage.length + document.cookie.length"), Is.Zero,
            "the token is not stored where another tab or a later session could read it");

        await page.GetByTestId("sign-out").ClickAsync();
        await Assertions.Expect(page.GetByTestId("token")).ToBeFocusedAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByTestId("token")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Signed_in_administrator_may_open_the_orleans_dashboard_until_sign_out()
    {
        var page = await SignInAsync();

        var dashboard = await page.Context.RunAndWaitForPageAsync(() => page.GetByTestId("orleans").ClickAsync());
        await Assertions.Expect(dashboard.Locator("body")).ToContainTextAsync("Silo", new() { Timeout = 15_000 });

        await page.RunAndWaitForResponseAsync(
            () => page.GetByTestId("sign-out").ClickAsync(), answer => answer.Url.EndsWith("/admin/session", StringComparison.Ordinal));
        var refused = await dashboard.ReloadAsync();
        Assert.That(refused!.Status, Is.EqualTo(401));
    }

    private async Task<IPage> SignInAsync()
    {
        var page = await OpenAsync();
        await page.GetByTestId("token").FillAsync(Token("*"));
        await page.GetByTestId("sign-in").ClickAsync();
        await Assertions.Expect(page.GetByTestId("who")).ToContainTextAsync("Ada, until");
        return page;
    }

    private async Task<IPage> OpenAsync()
    {
        var page = await OpenPageAsync(new() { ViewportSize = new() { Width = 1120, Height = 720 }, ColorScheme = ColorScheme.Dark });
        await page.GotoAsync($"{GatewayProcess.Url}admin/");
        return page;
    }

    /// <summary>Signs an administrator's token for the given channels, as <c>hype token</c> does.</summary>
    private static string Token(string channels) =>
        new ApiKey(KeyId, Secret).Mint(new TokenRequest("ada", "Ada", channels, ["moderate"], TimeSpan.FromHours(1)), TimeProvider.System)
            .Token;
}
