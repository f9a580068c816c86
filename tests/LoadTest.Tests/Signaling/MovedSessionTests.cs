using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Hype.LoadTest.Media;
using Hype.LoadTest.Sdp;
using Hype.LoadTest.Signaling;
using Hype.LoadTest.Targets;
using Hype.LoadTest.Tests.EndToEnd;
using Hype.LoadTest.Tests.Running;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.LoadTest.Tests.Signaling;

/// <summary>Tests a session whose endpoint moves to another node, with real sockets and DTLS.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MovedSessionTests : IVoiceListener
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly IceCredentials Unknown = new("", "");

    private readonly WatchedEar _ear = new();
    private ScriptedGateway _gateway = null!;
    private ScriptedGateway.Socket _socket = null!;
    private VoiceThread _clients = null!;
    private VoiceThread _nodes = null!;
    private VoicePeer _node = null!;
    private HypeSession? _session;

    [SetUp]
    public async Task StartAsync()
    {
        _gateway = await ScriptedGateway.StartAsync();
        (_clients, _nodes) = (new VoiceThread(IPAddress.Loopback), new VoiceThread(IPAddress.Loopback));
    }

    [TearDown]
    public async Task StopAsync()
    {
        _socket.Drop();
        if (_session is not null)
            await _session.DisposeAsync();
        await _gateway.DisposeAsync();
        _clients.Dispose();
        _nodes.Dispose();
    }

    [Test]
    public async Task Session_sends_ICE_checks_to_a_new_candidate()
    {
        await JoinAsync("candidate");
        using var elsewhere = NewSocket();

        await _socket.SayAsync(Candidate(elsewhere));

        var check = await elsewhere.ReceiveAsync(new byte[1500]).WaitAsync(Limit);
        Assert.That(check, Is.Positive);
        Assert.That(_ear.Moments, Is.EqualTo(new[] { SessionMoment.CandidateReceived }));
    }

    [Test]
    public async Task Session_answers_an_ICE_restart_with_new_ICE_credentials_for_the_same_transport()
    {
        var answer = await JoinAsync("candidate");

        var restarted = await RestartAsync();

        var second = await _socket.ExpectAsync("answer");
        Assert.That(UfragOf(second), Is.Not.EqualTo(UfragOf(answer)));
        await _ear.HappenedAsync(SessionMoment.Moved);
        Assert.That(_ear.Moments, Is.EqualTo(new[] { SessionMoment.RestartReceived, SessionMoment.Moved }));
        Assert.That((_node.State, restarted), Is.EqualTo((PeerState.Connected, _node)));
    }

    [Test]
    public async Task Session_configured_for_ICE_restarts_only_ignores_a_new_candidate()
    {
        await JoinAsync("iceRestart");
        using var elsewhere = NewSocket();

        await _socket.SayAsync(Candidate(elsewhere));
        await RestartAsync();

        await _ear.HappenedAsync(SessionMoment.Moved);
        Assert.That(elsewhere.Available, Is.Zero);
    }

    [Test]
    public async Task Session_configured_for_new_connections_only_ignores_an_ICE_restart_and_answers_a_new_offer()
    {
        await JoinAsync("newConnection");
        await RestartAsync();
        var (_, sdp) = await NewNodeAsync();

        await _socket.SayAsync(new { type = "offer", epoch = 1, sdp });

        var said = await _socket.UntilAsync("ready");
        Assert.That(said.Select(message => message.GetProperty("type").GetString()), Is.EqualTo(new[] { "answer", "ready" }),
            "the restart is not answered");
        Assert.That(
            _ear.Moments, Is.EqualTo(new[] { SessionMoment.RestartReceived, SessionMoment.ReplacementReceived, SessionMoment.Moved }));
    }

    /// <summary>Joins a channel; the test itself plays its media node.</summary>
    /// <returns>The client's answer to the offer of the node.</returns>
    private async Task<JsonElement> JoinAsync(string follow)
    {
        var options = NoServer.Options("--url", _gateway.Url.ToString(), "--follow", follow);
        _session = new HypeSession(
            options, new ParticipantSpec(1, "lobby", false, true, _clients, _ear), new JoinPhases(PeerDriver.Now), "a-token");
        var joining = _session.JoinAsync(CancellationToken.None);
        _socket = await _gateway.AcceptAsync();
        await _socket.ExpectAsync("join");
        await _socket.WelcomeAsync(mode: "sfu");
        (_node, var sdp) = await NewNodeAsync();
        await _socket.SayAsync(new { type = "offer", epoch = 1, sdp });
        var answer = await _socket.ExpectAsync("answer");
        await joining;
        await _socket.ExpectAsync("ready");
        return answer;
    }

    private async Task<(VoicePeer Node, string Sdp)> NewNodeAsync()
    {
        var ice = IceCredentials.New();
        var node = await _nodes.OpenAsync(ice, Unknown, this, PeerRole.Server);
        return (node, await OfferAsync(node, ice));
    }

    /// <summary>Gives the node's peer new ICE credentials, and sends them to the client in an offer with <c>restart</c>.</summary>
    private async Task<VoicePeer> RestartAsync()
    {
        var ice = IceCredentials.New();
        _nodes.Post(() => _node.Restart(ice, Unknown, [], PeerDriver.Now));
        await _socket.SayAsync(new { type = "offer", epoch = 1, sdp = await OfferAsync(_node, ice), restart = true });
        return _node;
    }

    private async Task<string> OfferAsync(VoicePeer node, IceCredentials ice) => SdpWriter.Write(
        new SdpWriter.Side(ice, VoiceThread.Fingerprint, "actpass", 111, 1) { IsLite = true, Host = await _nodes.AddressOfAsync(node) },
            ["mic", "s0"], "recvonly");

    private static Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static object Candidate(Socket at) => new
    {
        type = "candidate",
        epoch = 1,
        candidate = new
        {
            candidate = $"candidate:33 1 udp 2128625663 127.0.0.1 {((IPEndPoint)at.LocalEndPoint!).Port} typ host",
            sdpMid = "mic",
            sdpMLineIndex = 0
        },
    };

    private static string UfragOf(JsonElement answer) =>
        answer.GetProperty("sdp").GetString()!.Split("\r\n").First(line => line.StartsWith("a=ice-ufrag:", StringComparison.Ordinal));

    void IVoiceListener.OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
    {
    }

    void IVoiceListener.OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
    }
}
