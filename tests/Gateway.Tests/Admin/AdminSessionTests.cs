using System.Net;
using Hype.Gateway.Admin;
using Hype.Gateway.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Hype.Gateway.Tests.Admin;

/// <summary>Tests the cookie with which an administrator's browser opens the Orleans dashboard.</summary>
public sealed class AdminSessionTests() : GatewayFixture("Production")
{
    [Test]
    public async Task Administrator_gets_a_session_cookie_limited_to_the_path_of_the_Orleans_dashboard()
    {
        using var http = Gateway.Http(Gateway.Token("ada", "*", "moderate"));
        using var answer = await http.PostAsync("/admin/session", null);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.That(cookie, Does.Contain("path=/admin/orleans").And.Contain("httponly").And.Contain("samesite=strict"));
        Assert.That(cookie, Does.Not.Contain("expires").And.Not.Contain("max-age"), "it ends with the browser's session");
    }

    [TestCase("voice.example.org", null, true, Description = "a proxy with TLS that is not configured")]
    [TestCase("voice.example.org", "https", true)]
    [TestCase("127.0.0.1:8080", null, false, Description = "a browser on this machine without TLS")]
    [TestCase("localhost", null, false)]
    public async Task Session_cookie_is_secure_except_for_a_browser_on_this_machine_without_TLS(string host, string? scheme, bool secure)
    {
        await using var gateway = await GatewayHost.StartAsync("Production", ("Hype:Gateway:TrustedProxies:0", "127.0.0.0/8"));
        using var http = gateway.Http(gateway.Token("ada", "*", "moderate"));
        http.DefaultRequestHeaders.Host = host;
        if (scheme is not null)
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        using var answer = await http.PostAsync("/admin/session", null);
        Assert.That(answer.Headers.GetValues("Set-Cookie").Single().Contains("; secure", StringComparison.Ordinal), Is.EqualTo(secure));
    }

    [Test]
    public async Task Session_cookie_does_not_contain_the_token_and_is_no_bearer_token()
    {
        var token = Gateway.Token("ada", "*", "moderate");
        using var http = Gateway.Http(token);
        using var answer = await http.PostAsync("/admin/session", null);
        var value = answer.Headers.GetValues("Set-Cookie").Single().Split('=', ';')[1];
        Assert.That(value, Does.Not.Contain(token.Split('.')[2]).And.Length.LessThan(2_000));
        using var thief = Gateway.Http(value);
        Assert.That((await thief.GetAsync("/api/voice/nodes")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public void Session_cookie_ends_after_a_quarter_of_an_hour_and_is_renewed_before_while_it_is_used()
    {
        var cookies = Gateway.Services.GetRequiredService<DashboardCookie>();
        var cookie = cookies.Seal("a.b.c");
        Assert.That(cookies.Open(cookie), Is.EqualTo(("a.b.c", false)));
        Gateway.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(cookies.Open(cookie), Is.EqualTo(("a.b.c", true)));
        Gateway.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(cookies.Open(cookie), Is.Null);
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("not base64!")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Cookie_that_this_deployment_did_not_seal_is_not_opened(string cookie) =>
        Assert.That(Gateway.Services.GetRequiredService<DashboardCookie>().Open(cookie), Is.Null);

    [TestCase(null, HttpStatusCode.Unauthorized)]
    [TestCase("lobby", HttpStatusCode.Forbidden)]
    public async Task Caller_without_administrator_rights_gets_no_dashboard_cookie(string? channels, HttpStatusCode status)
    {
        using var http = Gateway.Http(channels is null ? null : Gateway.Token("ada", channels, "moderate"));
        using var answer = await http.PostAsync("/admin/session", null);
        Assert.That(answer.StatusCode, Is.EqualTo(status));
        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
    }

    [Test]
    public async Task Dashboard_cookie_does_not_authorize_requests_outside_the_dashboard()
    {
        using var http = Gateway.Http();
        var cookie = Gateway.Services.GetRequiredService<DashboardCookie>().Seal(Gateway.Token("ada", "*", "moderate"));
        http.DefaultRequestHeaders.Add("Cookie", $"hype-admin={cookie}");
        Assert.That((await http.GetAsync("/api/voice/nodes")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await http.PostAsync("/admin/session", null)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Sign_out_deletes_the_dashboard_cookie()
    {
        using var http = Gateway.Http(Gateway.Token("ada", "*", "moderate"));
        using var answer = await http.DeleteAsync("/admin/session");
        Assert.That(
            answer.Headers.GetValues("Set-Cookie").Single(),
            Does.Contain("hype-admin=;").And.Contain("expires=Thu, 01 Jan 1970").And.Contain("path=/admin/orleans"));
    }

    [Test]
    public async Task Administrator_token_is_not_minted_outside_development()
    {
        using var http = Gateway.Http();
        Assert.That((await http.PostAsync("/api/voice/tokens/admin", null)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Administrator_token_minted_in_development_may_drain_media_nodes()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var http = gateway.Http();
        using var answer = await http.PostAsync("/api/voice/tokens/admin", null);
        var token = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement
            .GetProperty("token")
            .GetString();
        using var administrator = gateway.Http(token);
        Assert.That(
            (await administrator.PostAsync("/api/voice/nodes/nobody/drain", null)).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound),
            "the caller is not refused");
    }
}
