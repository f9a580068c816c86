using System.Net;
using Hype.Gateway.Tests.Testing;

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
        http.DefaultRequestHeaders.Add("Cookie", $"hype-admin={Gateway.Token("ada", "*", "moderate")}");
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
