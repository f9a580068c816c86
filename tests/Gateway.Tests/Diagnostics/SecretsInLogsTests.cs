using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hype.Gateway.Admin;
using Hype.Gateway.Tests.Sdp;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hype.Gateway.Tests.Diagnostics;

/// <summary>
/// Sends marked secrets through the whole product, while it works, while its grains do not answer, and while a receiver of webhooks fails,
/// and proves that no log, metric or trace contains one.
/// </summary>
public sealed class SecretsInLogsTests
{
    private const string TurnSecret = "turn-secret-canary-0123456789";
    private const string WebhookSecret = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5";
    private const string IcePassword = "icepasswordcanary01234567";
    private const string SdpCanary = "sdpcanary";

    private readonly TelemetryRecorder _recorder = new();
    private readonly HangingGrains _hanging = new();
    private readonly MediaSecrets _media = new();

    [OneTimeTearDown]
    public void TearDown() => _recorder.Dispose();

    [Test]
    public async Task Secrets_are_in_no_log_metric_or_trace_even_when_grain_calls_time_out()
    {
        var secrets = new HashSet<string>
        {
            GatewayHost.Secret, GatewayHost.JoinSecret, TurnSecret, WebhookSecret, WebhookSecret[6..], IcePassword, SdpCanary,
        };
        await using (var host = await EmbeddedHost.StartAsync(
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(_recorder);
                builder.Services.AddSingleton<IIncomingGrainCallFilter>(_hanging);
                builder.Services.AddSingleton<IIncomingGrainCallFilter>(_media);
            },
            ("Hype:Signaling:CallTimeout", "00:00:03"),
            ("Hype:Gateway:IceServers:0:Urls:0", "turn:turn.example.org"),
            ("Hype:Gateway:IceServers:0:Secret", TurnSecret),
            ("Hype:Webhooks:Url", "http://127.0.0.1:1/"),
            ("Hype:Webhooks:Secrets:0", WebhookSecret)))
        {
            using var ada = await host.JoinAsync("secret", "ada");
            using var bob = await host.JoinAsync("secret", "bob");
            using var cleo = await host.JoinAsync("secret", "cleo");
            foreach (var client in new[] { ada, bob, cleo })
                secrets.UnionWith(SecretsOf(client.Welcome));
            // The answered path: a signal, a refused resume, a refused token, an SFU answer.
            await SignalAsync(bob, ada);
            await ada.ExpectAsync("signal");
            using var stranger = await VoiceClient.ConnectAsync(host.Url);
            await stranger.SendAsync(
                """{"type":"resume","channel":"secret","resumeToken":"5f0c2f6e9f6d4c0f8b1f5a3f3f1b7c11.resumecanary"}""");
            await stranger.ExpectAsync("error");
            secrets.Add("resumecanary");
            await ada.SendAsync("""{"type":"simulate","fault":"switchMode"}""");
            var offer = await cleo.ExpectAsync("offer");
            secrets.Add(IcePasswordOf(offer));
            secrets.Add(await OpenDashboardAsync(host, secrets));

            // The failing path: every grain hangs until the gateway and Orleans give up.
            _hanging.Hang();
            using var resuming = await VoiceClient.ConnectAsync(host.Url);
            await resuming.SendAsync(JsonSerializer.Serialize(
                new { type = "resume", channel = "secret", resumeToken = ada.ResumeToken, token = JoinToken(secrets) }));
            using var joining = await VoiceClient.ConnectAsync(host.Url);
            await joining.SendAsync(JsonSerializer.Serialize(new { type = "join", channel = "secret", token = JoinToken(secrets) }));
            await SignalAsync(bob, ada);
            var (epoch, sdp) = (offer.GetProperty("epoch").GetInt32(), AnswerTo(offer.GetProperty("sdp").GetString()!));
            await cleo.SendAsync(JsonSerializer.Serialize(new { type = "answer", epoch, sdp }));
            using var http = new HttpClient { BaseAddress = host.Url };
            http.DefaultRequestHeaders.Authorization = new("Bearer", JoinToken(secrets, "moderate"));
            await http.GetAsync("/api/voice/channels/secret/bans");
            foreach (var client in new[] { resuming, joining, cleo })
                await client.ExpectAsync("error");
            _hanging.Release();
        }

        Assert.That(_media.ControlToken, Is.Not.Null);
        Assert.That(_media.Key, Is.Not.Null);
        secrets.Add(_media.ControlToken!);
        secrets.UnionWith(
            [Convert.ToBase64String(_media.Key!), Convert.ToHexString(_media.Key!), Convert.ToHexStringLower(_media.Key!)]);
        var lines = _recorder.Lines;
        foreach (var method in new[] { "Resume(", "Join(", "Answer(", "GetBans(" })
            Assert.That(lines, Has.Some.Contains("did not arrive on time").And.Contains(method), "the call timed out");
        Assert.That(lines, Has.Some.StartWith("span ").And.Some.StartWith("metric "));
        Assert.That(lines.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal))), Is.Empty);
    }

    /// <summary>Opens the dashboard of Orleans with a cookie, and returns the cookie.</summary>
    private static async Task<string> OpenDashboardAsync(EmbeddedHost host, HashSet<string> secrets)
    {
        var cookie = host.App.Services.GetRequiredService<DashboardCookie>().Seal(JoinToken(secrets, "moderate"));
        using var http = new HttpClient { BaseAddress = host.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/orleans/DashboardCounters");
        request.Headers.Add("Cookie", $"hype-admin={cookie}");
        using var answer = await http.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return cookie;
    }

    private static Task SignalAsync(VoiceClient from, VoiceClient to) => from.SendAsync(JsonSerializer.Serialize(new
    {
        type = "signal",
        to = to.Number.Value,
        epoch = 1,
        description = new { type = "offer", sdp = $"v=0\r\ns={SdpCanary}\r\na=ice-pwd:{IcePassword}\r\n" },
    }));

    /// <summary>Mints a token; its signature is one of the secrets.</summary>
    private static string JoinToken(HashSet<string> secrets, string grant = "join")
    {
        var token = Tokens.Mint("dora", "*", DateTimeOffset.UtcNow.AddHours(1), [grant]);
        secrets.Add(token.Split('.')[2]);
        return token;
    }

    private static string[] SecretsOf(JsonElement welcome) =>
    [
        welcome.GetProperty("resumeToken").GetString()!.Split('.')[1],
        welcome.GetProperty("iceServers")[0].GetProperty("credential").GetString()!,
    ];

    private static string IcePasswordOf(JsonElement offer) =>
        Regex.Match(offer.GetProperty("sdp").GetString()!, @"a=ice-pwd:(\S+)").Groups[1].Value;

    private static string AnswerTo(string offer)
    {
        var slots = Regex.Count(offer, "(?m)^m=audio") - 1;
        string[] mids = ["mic", .. Enumerable.Range(0, slots).Select(slot => string.Create(CultureInfo.InvariantCulture, $"s{slot}"))];
        var sdp = new StringBuilder($"v=0\r\ns=-\r\na=group:BUNDLE {string.Join(' ', mids)}\r\n");
        foreach (var mid in mids)
        {
            sdp.Append(CultureInfo.InvariantCulture, $"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:{mid}\r\na=ice-ufrag:ufrag\r\n")
                .Append(CultureInfo.InvariantCulture, $"a=ice-pwd:{IcePassword}\r\na=fingerprint:sha-256 {Samples.Fingerprint}\r\n")
                .Append("a=setup:active\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n");
        }

        return sdp.ToString();
    }

    /// <summary>Copies the secrets that the process creates for its media node.</summary>
    private sealed class MediaSecrets : IIncomingGrainCallFilter
    {
        /// <summary>The token with which silos authenticate to the node.</summary>
        public string? ControlToken { get; private set; }

        /// <summary>The private key of the DTLS certificate.</summary>
        public byte[]? Key { get; private set; }

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            var isRegistration = context.InterfaceMethod.Name == nameof(IMediaNodeGrain.Register);
            if (isRegistration && context.Request.GetArgument(0) is NodeRegistration node)
                ControlToken = node.ControlToken;
            await context.Invoke();
            if (context.InterfaceMethod.DeclaringType == typeof(IDtlsIdentityGrain) && context.Result is DtlsIdentity identity)
                Key = identity.PrivateKey;
        }
    }

    /// <summary>Delays the calls of clients while it hangs, as a silo does that is paused or overloaded.</summary>
    private sealed class HangingGrains : IIncomingGrainCallFilter
    {
        private TaskCompletionSource? _gate;

        public void Hang() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _gate!.SetResult();

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            var isAsked = context.InterfaceMethod.DeclaringType == typeof(IChannelGrain)
                || context.InterfaceMethod.DeclaringType == typeof(ISessionMailboxGrain);
            if (isAsked && _gate is { } gate)
                await gate.Task;
            await context.Invoke();
        }
    }
}
