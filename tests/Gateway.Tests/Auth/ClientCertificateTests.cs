using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Hype.Control.V1;
using Hype.Gateway.Errors;
using Hype.Gateway.Tests.Testing;
using Hype.Testing.Certificates;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Certificate;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Tests.Auth;

/// <summary>Tests, over real TLS, administrators that present a client certificate instead of a token.</summary>
public sealed class ClientCertificateTests
{
    private readonly TestAuthority _authority = new("Operators");
    private readonly TestAuthority _others = new("Others");

    [OneTimeTearDown]
    public void TearDown()
    {
        _authority.Dispose();
        _others.Dispose();
    }

    [Test]
    public async Task Client_with_a_certificate_of_a_configured_authority_may_administer_over_REST_and_gRPC()
    {
        await using var gateway = await StartAsync();
        using var certificate = _authority.Certify("CN=ops-1");
        using var http = Http(gateway, certificate);
        Assert.That((await http.GetAsync("/api/voice/nodes")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await http.DeleteAsync("/api/voice/channels/lobby")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));

        using var connection = Grpc(gateway, certificate);
        Assert.That(() => new Nodes.NodesClient(connection).ListAsync(new ListNodesRequest()).ResponseAsync, Throws.Nothing);
        await new Channels.ChannelsClient(connection).CloseAsync(new CloseChannelRequest { Id = "lobby", Forget = true });
        Assert.That(gateway.Cluster.Channel("lobby").Calls, Is.EqualTo(new[] { "Close False", "Close True" }));
    }

    [TestCase("untrusted")]
    [TestCase("selfSigned", "untrusted")]
    [TestCase("forServers", "untrusted")]
    [TestCase("expired")]
    [TestCase("notYetValid")]
    [TestCase("nameless")]
    [TestCase("ofAUnit", "nameless")]
    public async Task Invalid_client_certificate_is_refused_with_the_reason_and_counted(string kind, string? reason = null)
    {
        await using var gateway = await StartAsync();
        using var certificate = kind switch
        {
            "untrusted" => _others.Certify("CN=ops-1"),
            "selfSigned" => TestAuthority.SelfSigned("CN=ops-1"),
            "forServers" => _authority.Certify("CN=ops-1", TestAuthority.ForServers),
            "expired" => _authority.Certify("CN=ops-1", until: TestAuthority.Year(2020)),
            "notYetValid" => _authority.Certify("CN=ops-1", from: TestAuthority.Year(2090)),
            "ofAUnit" => _authority.Certify("O=Example, OU=ops"),
            _ => _authority.Certify($"CN={new string('x', 60)}{'\u0001'}"),
        };
        using var refused = new RefusalCounter(gateway);

        using var http = Http(gateway, certificate);
        using var answer = await http.GetAsync("/api/voice/nodes");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), Is.EqualTo("invalidCertificate"));

        using var connection = Grpc(gateway, certificate);
        var refusal = Assert.ThrowsAsync<RpcException>(
            () => new Nodes.NodesClient(connection).ListAsync(new ListNodesRequest()).ResponseAsync);
        Assert.That(
            (refusal!.StatusCode, refusal.Trailers.GetValue(GrpcErrors.ErrorTrailer)),
            Is.EqualTo((StatusCode.Unauthenticated, "invalidCertificate")));
        Assert.That(refused.Reasons, Is.EqualTo(new[] { reason ?? kind, reason ?? kind }));
    }

    [Test]
    public async Task Refusal_of_an_expired_certificate_contains_the_date_of_expiry()
    {
        await using var gateway = await StartAsync();
        using var certificate = _authority.Certify("CN=ops-1", until: TestAuthority.Year(2020));
        using var http = Http(gateway, certificate);
        var problem = await (await http.GetAsync("/api/voice/nodes")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("2020-01-01"));
    }

    [Test]
    public async Task Guest_without_a_certificate_joins_but_cannot_administer()
    {
        await using var gateway = await StartAsync();
        using var handler = new HttpMessageInvoker(_authority.Handler());
        using var ada = await VoiceClient.ConnectAsync(gateway.TlsUrl, http: handler);
        await ada.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{gateway.Token("ada")}}"}""");
        Assert.That((await ada.ExpectAsync("welcome")).GetProperty("identity").GetString(), Is.EqualTo("ada"));

        using var http = Http(gateway, null);
        var problem = await (await http.GetAsync("/api/voice/nodes")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo("unauthorized"));
    }

    [Test]
    public async Task Token_without_administrator_rights_takes_precedence_over_a_client_certificate()
    {
        await using var gateway = await StartAsync();
        using var certificate = _authority.Certify("CN=ops-1");
        using var http = Http(gateway, certificate);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Token("ada", "lobby", "speak"));
        Assert.That((await http.GetAsync("/api/voice/nodes")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("https://evil.example.org")]
    [TestCase("null")]
    public async Task Page_of_a_foreign_origin_cannot_use_the_client_certificate_of_the_browser(string origin)
    {
        await using var gateway = await StartAsync();
        using var certificate = _authority.Certify("CN=ops-1");
        using var http = Http(gateway, certificate);
        http.DefaultRequestHeaders.Add("Origin", origin);
        using var answer = await http.PostAsync("/api/voice/channels/lobby/participants/1/kick", null);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(gateway.Cluster.Channel("lobby").Calls, Is.Empty);
    }

    [Test]
    public async Task Certificate_is_accepted_only_if_listed_by_thumbprint_and_issued_by_the_authority()
    {
        using var listed = _authority.Certify("CN=ops-1");
        using var other = _authority.Certify("CN=ops-2");
        using var forged = _others.Certify("CN=ops-1");
        await using var gateway = await StartAsync(
            ("Hype:Tls:ClientThumbprints:0", Thumbprint(listed).ToLowerInvariant()),
            ("Hype:Tls:ClientThumbprints:1", Thumbprint(forged)));
        using var refused = new RefusalCounter(gateway);
        Assert.That(await StatusAsync(gateway, listed), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(gateway, other), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await StatusAsync(gateway, forged), Is.EqualTo(HttpStatusCode.Unauthorized), "listed, but not of the authority");
        Assert.That(refused.Reasons, Is.EquivalentTo(new[] { "notListed", "untrusted" }));
    }

    [Test]
    public async Task Self_signed_certificate_with_a_listed_thumbprint_is_accepted_without_an_authority()
    {
        using var listed = TestAuthority.SelfSigned("CN=ops-1");
        using var other = TestAuthority.SelfSigned("CN=ops-1");
        await using var gateway = await StartAsync(
            ("Hype:Tls:ClientAuthorities:0", null), ("Hype:Tls:ClientThumbprints:0", Thumbprint(listed)));
        Assert.That(await StatusAsync(gateway, listed), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(gateway, other), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Administrator_with_a_certificate_gets_no_dashboard_cookie()
    {
        await using var gateway = await StartAsync();
        using var certificate = _authority.Certify("CN=ops-1");
        using var http = Http(gateway, certificate);
        using var answer = await http.PostAsync("/admin/session", null);
        Assert.That((answer.StatusCode, answer.Headers.Contains("Set-Cookie")), Is.EqualTo((HttpStatusCode.Unauthorized, false)));
    }

    [Test]
    public async Task Certificate_is_refused_when_neither_authorities_nor_thumbprints_are_configured()
    {
        await using var gateway = await StartAsync(("Hype:Tls:ClientAuthorities:0", null));
        using var certificate = _authority.Certify("CN=ops-1");
        Assert.That(await StatusAsync(gateway, certificate), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Certificate_is_refused_when_the_tls_address_is_not_configured()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        using var certificate = TestAuthority.SelfSigned("CN=mallory");
        var options = gateway.Services
            .GetRequiredService<IOptionsMonitor<CertificateAuthenticationOptions>>()
            .Get(CertificateAuthenticationDefaults.AuthenticationScheme);
        var scheme = new AuthenticationScheme(
            CertificateAuthenticationDefaults.AuthenticationScheme, null, typeof(IAuthenticationHandler));
        var validated = new CertificateValidatedContext(new DefaultHttpContext(), scheme, options) { ClientCertificate = certificate };
        await options.Events!.CertificateValidated(validated);
        Assert.That(validated.Result!.Succeeded, Is.False);
    }

    [TestCase("hype.noderegistry.v1.NodeRegistry/Connect", HttpStatusCode.NotFound)]
    [TestCase("hype.control.v1.Nodes/List", HttpStatusCode.Unauthorized)]
    public async Task Tls_address_serves_the_control_API_and_not_the_media_node_registry(string method, HttpStatusCode status)
    {
        await using var gateway = await StartAsync();
        using var http = Http(gateway, null);
        using var call = GrpcCall(method);
        using var answer = await http.SendAsync(call);
        Assert.That(answer.StatusCode, Is.EqualTo(status));
    }

    [TestCase("grpc.health.v1.Health/Watch")]
    [TestCase("grpc.health.v1.Health/Watch/")]
    [TestCase("grpc.health.v1.health/watch")]
    public async Task Anonymous_streams_of_the_tls_address_are_limited_however_the_path_is_written(string method)
    {
        await using var gateway = await StartAsync(("Hype:Limits:WatchesPerIdentity", "1"));
        using var http = Http(gateway, null);
        using var firstCall = GrpcCall(method);
        using var first = await http.SendAsync(firstCall, HttpCompletionOption.ResponseHeadersRead);
        Assert.That((first.StatusCode, first.Headers.Contains("grpc-status")), Is.EqualTo((HttpStatusCode.OK, false)), "an open stream");
        using var secondCall = GrpcCall(method);
        using var second = await http.SendAsync(secondCall, HttpCompletionOption.ResponseHeadersRead);
        Assert.That(second.Headers.GetValues("grpc-status").Single(), Is.EqualTo($"{(int)StatusCode.ResourceExhausted}"));
    }

    [Test]
    public async Task Tls_address_is_disabled_by_default()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        Assert.That(gateway.Urls, Has.Exactly(3).Items.And.All.StartsWith("http://"));
    }

    private Task<GatewayHost> StartAsync(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Hype:Tls:Url"] = "https://127.0.0.1:0",
            ["Hype:Tls:Certificate"] = _authority.ServerFile,
            ["Hype:Tls:Key"] = _authority.ServerKeyFile,
            ["Hype:Tls:ClientAuthorities:0"] = _authority.AuthorityFile,
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        return GatewayHost.StartAsync(
            "Production", [.. all.Where(setting => setting.Value is not null).Select(setting => (setting.Key, setting.Value!))]);
    }

    private HttpClient Http(GatewayHost gateway, X509Certificate2? certificate) =>
        new(_authority.Handler(certificate)) { BaseAddress = gateway.TlsUrl };

    private GrpcChannel Grpc(GatewayHost gateway, X509Certificate2 certificate) =>
        GrpcChannel.ForAddress(
            gateway.TlsUrl, new GrpcChannelOptions { HttpHandler = _authority.Handler(certificate), DisposeHttpClient = true });

    /// <summary>Creates a gRPC call with an empty message, as any HTTP client may write it.</summary>
    private static HttpRequestMessage GrpcCall(string method)
    {
        var call = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return call;
    }

    private async Task<HttpStatusCode> StatusAsync(GatewayHost gateway, X509Certificate2 certificate)
    {
        using var http = Http(gateway, certificate);
        return (await http.GetAsync("/api/voice/nodes")).StatusCode;
    }

    private static string Thumbprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Records the measurements of <c>hype.gateway.certificates.refused</c> of one gateway.</summary>
    private sealed class RefusalCounter : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<string> _reasons = [];

        public RefusalCounter(GatewayHost gateway)
        {
            var meters = gateway.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "hype.gateway.certificates.refused" && instrument.Meter.Scope == meters)
                    listening.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>(
                (_, refusals, tags, _) => _reasons.AddRange(Enumerable.Repeat((string)tags[0].Value!, (int)refusals)));
            _listener.Start();
        }

        public string[] Reasons
        {
            get
            {
                _reasons.Clear();
                _listener.RecordObservableInstruments();
                return [.. _reasons];
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
