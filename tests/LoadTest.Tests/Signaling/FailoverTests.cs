using Hype.LoadTest.Media;
using Hype.LoadTest.Signaling;
using Hype.LoadTest.Targets;
using Hype.LoadTest.Tests.EndToEnd;
using Hype.LoadTest.Tests.Running;
using Hype.MediaClient;

namespace Hype.LoadTest.Tests.Signaling;

/// <summary>Tests the resume of a session after the loss of its socket or its gateway.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FailoverTests
{
    private static readonly SessionMoment[] LostAndResumed = [SessionMoment.SocketLost, SessionMoment.Resumed];

    private readonly WatchedEar _ear = new();
    private ScriptedGateway _first = null!;
    private ScriptedGateway _second = null!;
    private VoiceThread _thread = null!;

    [SetUp]
    public async Task StartAsync()
    {
        (_first, _second) = (await ScriptedGateway.StartAsync(), await ScriptedGateway.StartAsync());
        _thread = new VoiceThread(System.Net.IPAddress.Loopback);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _thread.Dispose();
    }

    [Test]
    public async Task Session_resumes_at_another_configured_gateway()
    {
        await using var session = NewSession(1, _first, _second);
        var socket = await AdmitAsync(session, _first);

        socket.Drop();

        await ResumesAtAsync(_second);
    }

    [Test]
    public async Task Session_resumes_at_a_gateway_listed_in_the_welcome_message()
    {
        await using var session = NewSession(1, _first);
        await AdmitAsync(session, _first, _second);

        await _first.DisposeAsync();

        await ResumesAtAsync(_second);
    }

    [Test]
    public async Task Session_with_a_single_gateway_resumes_at_the_same_gateway()
    {
        await using var session = NewSession(1, _first);
        var socket = await AdmitAsync(session, _first);

        socket.Drop();

        await ResumesAtAsync(_first);
    }

    [Test]
    public async Task Session_resumes_at_another_gateway_when_its_gateway_is_silent()
    {
        await using var session = NewSession(1, _first, _second);
        var joining = session.JoinAsync(CancellationToken.None);
        var silent = await _first.AcceptAsync();
        await silent.ExpectAsync("join");
        await silent.WelcomeAsync(pingIntervalMs: 100);
        await joining;

        await silent.ExpectAsync("ping");

        var socket = await _second.AcceptAsync();
        await socket.ExpectAsync("resume");
        socket.Drop();
    }

    [Test]
    public async Task Session_tries_the_next_gateway_after_a_retryable_refusal_of_a_resume()
    {
        await using var session = NewSession(1, _first, _second);
        var socket = await AdmitAsync(session, _first);
        socket.Drop();
        var refusing = await _second.AcceptAsync();
        await refusing.ExpectAsync("resume");

        await refusing.SayAsync(
            new { type = "error", code = "unavailable", message = "Not now.", retryable = true, inReplyTo = "resume" });

        await ResumesAtAsync(_first);
        refusing.Drop();
    }

    [Test]
    public async Task Non_retryable_refusal_of_a_resume_ends_the_session_with_the_error_code_of_the_refusal()
    {
        await using var session = NewSession(1, _first, _second);
        var socket = await AdmitAsync(session, _first);
        socket.Drop();
        var refusing = await _second.AcceptAsync();
        await refusing.ExpectAsync("resume");

        await refusing.SayAsync(
            new { type = "error", code = "sessionExpired", message = "Too late.", retryable = false, inReplyTo = "resume" });

        Assert.That(await _ear.Lost.WaitAsync(TimeSpan.FromSeconds(60)), Is.EqualTo("sessionExpired"));
        refusing.Drop();
    }

    [Test]
    public async Task Participants_start_at_different_gateways_and_skip_an_unreachable_gateway()
    {
        await using var even = NewSession(2, _first, _second);
        await AdmitAsync(even, _second);
        await using var odd = NewSession(1, _first, _second);
        await _first.DisposeAsync();
        await AdmitAsync(odd, _second);
    }

    private HypeSession NewSession(uint number, ScriptedGateway first, params ScriptedGateway[] others)
    {
        var options = NoServer.Options(["--url", first.Url.ToString(), "--control-only",
            .. others.SelectMany(gateway => new[] { "--gateway", gateway.Url.ToString() })]);
        return new HypeSession(
            options, new ParticipantSpec(number, "lobby", false, true, _thread, _ear), new JoinPhases(PeerDriver.Now), "a-token");
    }

    private static async Task<ScriptedGateway.Socket> AdmitAsync(HypeSession session, ScriptedGateway at, params ScriptedGateway[] named)
    {
        var joining = session.JoinAsync(CancellationToken.None);
        var socket = await at.AcceptAsync();
        await socket.ExpectAsync("join");
        await socket.WelcomeAsync(gateways: [.. named.Select(gateway => SignalingSocket.UrlOf(gateway.Url))]);
        await joining;
        return socket;
    }

    private async Task ResumesAtAsync(ScriptedGateway gateway)
    {
        var socket = await gateway.AcceptAsync();
        var resume = await socket.ExpectAsync("resume");
        Assert.That(resume.GetProperty("resumeToken").GetString(), Is.EqualTo("the-token"));
        var admission = _ear.NextAdmission();
        await socket.WelcomeAsync(resumed: true);
        await admission.WaitAsync(TimeSpan.FromSeconds(60));
        await _ear.HappenedAsync(SessionMoment.Resumed);
        Assert.That(_ear.Moments, Is.EqualTo(LostAndResumed));
        socket.Drop();
    }
}
