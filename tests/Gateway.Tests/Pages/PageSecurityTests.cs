using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Pages;

/// <summary>Tests the headers that protect pages.</summary>
public sealed class PageSecurityTests
{
    [TestCase("/", "connect-src 'self' http: https: ws: wss:")]
    [TestCase("/index.html", "default-src 'self'")]
    [TestCase("/sdk/hype-voice.js", "object-src 'none'")]
    [TestCase("/admin/", "form-action 'self'")]
    [TestCase("/admin/orleans/", "'unsafe-inline'")]
    [TestCase("/api/voice/regions", "base-uri 'none'")]
    [TestCase("/nowhere", "default-src 'self'")]
    public async Task Response_forbids_frames_and_foreign_scripts(string path, string directive)
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        using var http = gateway.Http();
        using var answer = await http.GetAsync(path);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.Contain("frame-ancestors 'none'").And.Contain(directive));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(answer.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "no-referrer" }));
    }

    [Test]
    public async Task Admin_page_connects_to_its_own_gateway_alone()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        using var http = gateway.Http();
        using var answer = await http.GetAsync("/admin/");
        Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.Not.Contain("connect-src"));
    }

    [TestCase("Production", "127.0.0.0/8", "https", true)]
    [TestCase("Production", "127.0.0.0/8", "http", false)]
    [TestCase("Production", "10.0.0.0/8", "https", false, Description = "the proxy is not trusted")]
    [TestCase("Development", "127.0.0.0/8", "https", false)]
    public async Task Browser_is_bound_to_HTTPS_when_a_trusted_proxy_reports_it(
        string environment, string proxy, string scheme, bool bound)
    {
        await using var gateway = await GatewayHost.StartAsync(environment, ("Hype:Gateway:TrustedProxies:0", proxy));
        using var http = gateway.Http();
        http.DefaultRequestHeaders.Host = "voice.example.org";
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        using var answer = await http.GetAsync("/");
        Assert.That(answer.Headers.Contains("Strict-Transport-Security"), Is.EqualTo(bound));
    }
}
