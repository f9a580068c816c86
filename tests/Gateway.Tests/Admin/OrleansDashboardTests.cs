using System.Net;
using Hype.Gateway.Admin;
using Hype.Gateway.Hosting;
using Hype.Gateway.Tests.Testing;
using Hype.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hype.Gateway.Tests.Admin;

/// <summary>Tests the Orleans dashboard on a gateway that hosts the silo, outside Development.</summary>
public sealed class OrleansDashboardTests
{
    private string _folder = null!;
    private WebApplication _app = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("hype-dashboard-tests-").FullName;
        _app = await StartAsync();
    }

    [OneTimeTearDown]
    public async Task TearDown()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("")]
    [TestCase("index.min.js")]
    [TestCase("DashboardCounters")]
    public async Task Dashboard_requires_an_administrator(string page)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        Assert.That((await http.GetAsync($"/admin/orleans/{page}")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await WithCookieAsync(http, page, Token("lobby")), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await WithCookieAsync(http, page, "nonsense"), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await WithCookieAsync(http, page, Token("*")), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Dashboard_shows_the_silo_and_refuses_the_log_stream()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token("*"));
        await UntilSiloIsShownAsync(http);
        Assert.That((await http.GetAsync("/admin/orleans/Trace")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Dashboard_can_be_disabled()
    {
        await using var app = await StartAsync(("Hype:Cluster:Dashboard", "false"));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token("*"));
        Assert.That((await http.GetAsync("/admin/orleans/")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    /// <summary>
    /// Polls until the dashboard shows its silo: the dashboard's grain collects data once a second and sends no notification.
    /// </summary>
    private static async Task UntilSiloIsShownAsync(HttpClient http)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(await http.GetStringAsync("/admin/orleans/DashboardCounters", timeout.Token)).Contains(
            "\"siloAddress\"", StringComparison.Ordinal))
            await timer.WaitForNextTickAsync(timeout.Token);
    }

    private async Task<HttpStatusCode> WithCookieAsync(HttpClient http, string page, string token)
    {
        var cookie = _app.Services.GetRequiredService<DashboardCookie>().Seal(token);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/admin/orleans/{page}")
        {
            Headers = { { "Cookie", $"hype-admin={cookie}" } },
        };
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static string Token(string channels) => Tokens.Mint("ada", channels, DateTimeOffset.UtcNow.AddHours(1), ["moderate"]);

    private async Task<WebApplication> StartAsync(params (string, string)[] settings)
    {
        var builder = GatewayHost.Configured(
            "Production", [("Hype:Storage:Path", Path.Combine(_folder, $"{Guid.NewGuid():N}.db")), .. settings]);
        builder.AddHypeGateway();
        builder.AddHypeSilo();
        var app = builder.Build();
        app.MapHypeGateway();
        await app.StartAsync();
        return app;
    }
}
