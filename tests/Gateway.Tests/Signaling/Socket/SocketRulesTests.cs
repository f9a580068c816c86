using System.Net.WebSockets;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Tests.Signaling.Socket;

/// <summary>Real Kestrel and real WebSockets: what a misbehaving client, or a silo that is away, gets. The errors and codes of docs/signaling.md.</summary>
public sealed class SocketRulesTests : GatewayFixture
{
    [Test]
    public async Task Join_is_answered_with_a_seat()
    {
        using var ada = await Gateway.JoinAsync("ada");
        Assert.That(ada.Welcome.GetProperty("identity").GetString(), Is.EqualTo("ada"));
        Assert.That(ada.Welcome.GetProperty("name").GetString(), Is.EqualTo("Name of ada"));
        Assert.That(ada.Welcome.GetProperty("resumed").GetBoolean(), Is.False);
        Assert.That(ada.Welcome.GetProperty("limits").GetProperty("pingIntervalMs").GetInt32(), Is.EqualTo(10_000));
    }

    [Test]
    public async Task A_signal_goes_to_the_member_with_that_number()
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var bob = await Gateway.JoinAsync("bob");
        await bob.SendAsync($$$"""{"type":"signal","to":{{{ada.Number}}},"epoch":1,"description":{"type":"offer","sdp":"v=0\r\n"}}""");

        var signal = await Gateway.Cluster.Participant(Lobby.Find(ada.Number).Session).NextSignal();
        Assert.That(signal, Is.EqualTo(new PeerSignal(bob.Number, new(1), """{"description":{"type":"offer","sdp":"v=0\r\n"}}""")));

        await bob.SendAsync("""{"type":"signal","to":99,"epoch":1,"candidate":null}""");
        Assert.That(await bob.ExpectErrorAsync(), Is.EqualTo("unknownParticipant"));
    }

    [TestCase("""{"type":"ready","epoch":3}""", "Ready 1 3")]
    [TestCase("""{"type":"failed","epoch":3,"peer":2}""", "ConnectionFailed 1 3 2")]
    [TestCase("""{"type":"state","muted":true,"deafened":false}""", "SetState 1 True False")]
    [TestCase("""{"type":"state","muted":false,"deafened":true}""", "SetState 1 True True", Description = "to be deaf is to be muted")]
    [TestCase("""{"type":"simulate","fault":"switchMode"}""", "RequestLayout Sfu Requested")]
    [TestCase("""{"type":"simulate","fault":"moveRoom"}""", "RequestLayout P2P Requested")]
    public async Task What_a_member_says_reaches_the_channel(string message, string call)
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync(message);
        await Lobby.Called(call);
    }

    [Test]
    public async Task Leave_is_the_end()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"leave"}""");
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("left", 1000)));
        await Lobby.Called("Leave 1 Left");
    }

    [Test]
    public async Task A_lost_socket_detaches_its_session()
    {
        using var ada = await Gateway.JoinAsync("ada");
        ada.Abort();
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Resume_gets_the_same_seat_on_a_new_socket()
    {
        using var first = await Gateway.JoinAsync("ada");
        using var second = await Gateway.ConnectAsync();
        await second.SendAsync($$"""{"type":"resume","channel":"lobby","resumeToken":"{{first.ResumeToken}}"}""");
        var welcome = await second.ExpectAsync("welcome");

        Assert.That(welcome.GetProperty("resumed").GetBoolean(), Is.True);
        Assert.That(welcome.GetProperty("number").GetUInt32(), Is.EqualTo(first.Number));
        Assert.That(await first.ExpectCloseAsync(), Is.EqualTo(("replaced", 4006)));
    }

    [Test]
    public async Task Resume_of_a_session_that_is_over_is_told_so()
    {
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync("""{"type":"resume","channel":"lobby","resumeToken":"nonsense"}""");
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("sessionExpired"));
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("sessionExpired", 4010)));
    }

    [Test]
    public async Task Bad_json_and_binary_get_errors_until_the_tenth()
    {
        using var client = await Gateway.ConnectAsync();
        for (var i = 0; i < 9; i++)
        {
            await (i % 2 == 0 ? client.SendAsync("{oops") : client.SendAsync(new byte[] { 1, 2 }, WebSocketMessageType.Binary));
            Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("badMessage"));
        }

        await client.SendAsync("{oops");
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("badMessage", 4000)));
    }

    [TestCase("""{"type":"shout"}""", "unknownType")]
    [TestCase("""{"type":"ready","epoch":1}""", "outOfOrder")]
    [TestCase("""{"type":"join","channel":"two words","token":"t"}""", "invalidChannel")]
    public async Task Errors_before_joining_leave_the_socket_open(string message, string code)
    {
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync(message);
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo(code));
        await client.PingAsync();
    }

    [Test]
    public async Task A_message_above_the_limit_closes_the_socket()
    {
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync($$"""{"type":"ping","x":"{{new string('x', 70_000)}}"}""");
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("messageTooLarge"));
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("messageTooLarge", 4001)));
    }

    [Test]
    public async Task A_message_at_the_limit_is_served()
    {
        using var client = await Gateway.ConnectAsync();
        var frame = """{"type":"ping","id":1,"x":""}""";
        await client.SendAsync(frame.Replace("\"\"", $"\"{new string('x', 65_536 - frame.Length)}\"", StringComparison.Ordinal));
        await client.ExpectAsync("pong");
    }

    [Test]
    public async Task Who_does_not_ask_for_a_seat_in_time_is_closed()
    {
        using var client = await Gateway.ConnectAsync();
        await client.PingAsync();
        Gateway.Time.Advance(Gateway.Options.JoinTimeout);
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("joinTimeout", 4002)));
    }

    [Test]
    public async Task Who_says_nothing_for_three_ping_intervals_is_closed_and_may_resume()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.PingAsync();
        Gateway.Time.Advance(3 * Gateway.Options.PingInterval);
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("silent", 4004)));
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Who_pings_stays()
    {
        using var ada = await Gateway.JoinAsync("ada");
        for (var i = 0; i < 10; i++)
        {
            Gateway.Time.Advance(Gateway.Options.PingInterval);
            await ada.PingAsync();
        }
    }

    [Test]
    public async Task Who_does_not_read_is_closed_as_slow_and_told_why()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await FloodAsync();
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("slow", 4005)));
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Who_never_reads_is_aborted()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await FloodAsync();
        Gateway.Time.Advance(Gateway.Options.CloseTimeout);
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task A_stopping_gateway_says_goodbye()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var ada = await gateway.JoinAsync("ada");
        var stopped = gateway.DisposeAsync();
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("shutdown", 4009)));
        await stopped;
    }

    [Test]
    public async Task A_dropped_socket_gets_no_bye_and_may_resume()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"simulate","fault":"dropSocket"}""");
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(((string?)null, 4013)));
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Simulate_is_for_development_only()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        using var ada = await gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"simulate","fault":"dropSocket"}""");
        Assert.That(await ada.ExpectErrorAsync(), Is.EqualTo("unsupported"));
    }

    [Test]
    public async Task A_refused_join_may_be_tried_again_on_the_same_socket()
    {
        using var client = await Gateway.ConnectAsync();
        var join = $$"""{"type":"join","channel":"lobby","token":"{{Gateway.Token("ada")}}"}""";
        Lobby.JoinError = VoiceError.ChannelFull;
        await client.SendAsync(join);
        var error = await client.ExpectAsync("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("channelFull"));
        Assert.That(error.GetProperty("retryable").GetBoolean(), Is.True);
        Assert.That(error.GetProperty("inReplyTo").GetString(), Is.EqualTo("join"));

        Lobby.JoinError = VoiceError.None;
        await client.SendAsync(join);
        await client.ExpectAsync("welcome");
    }

    [Test]
    public async Task Grains_that_fail_are_unavailable_and_the_socket_lives_on()
    {
        using var ada = await Gateway.JoinAsync("ada");
        Lobby.Failure = new TimeoutException("No silo.");
        await ada.SendAsync("""{"type":"ready","epoch":1}""");
        var error = await ada.ExpectAsync("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("unavailable"));
        Assert.That(error.GetProperty("retryable").GetBoolean(), Is.True);

        Lobby.Failure = null;
        await ada.SendAsync("""{"type":"ready","epoch":2}""");
        await Lobby.Called("Ready 1 2");
    }

    [Test]
    public async Task Grains_that_do_not_answer_are_unavailable_after_the_call_timeout()
    {
        using var client = await Gateway.ConnectAsync();
        var channel = Lobby;
        channel.JoinGate = new TaskCompletionSource();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{Gateway.Token("ada")}}"}""");
        await channel.Called("Join ada");
        // Until the gateway gives up, and no longer: it is patient with the client too, and would close.
        while (!channel.JoinGivenUp.IsCancellationRequested)
        {
            Gateway.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("unavailable"), "and its join is taken back");
        channel.JoinGate.SetResult();
    }

    [Test]
    public async Task A_lost_batch_is_noticed_and_the_roster_sent_anew()
    {
        using var ada = await Gateway.JoinAsync("ada");
        var channel = Lobby;
        channel.Change(channel.Find(new MemberNumber(1)) with { Muted = true });
        channel.Lose();
        await channel.Tell(channel.Change(channel.Find(new MemberNumber(1)) with { Deafened = true }));
        await channel.Called("Attach 1");

        var roster = await ada.ExpectAsync("roster");
        Assert.That(roster.GetProperty("seq").GetInt32(), Is.EqualTo(3));
        Assert.That(roster.GetProperty("participants")[0].GetProperty("deafened").GetBoolean(), Is.True);
    }

    [Test]
    public async Task A_lost_last_batch_is_found_by_attaching_now_and_then()
    {
        using var ada = await Gateway.JoinAsync("ada");
        var channel = Lobby;
        channel.Change(channel.Find(new MemberNumber(1)) with { Muted = true });
        channel.Lose();
        for (var elapsed = TimeSpan.Zero; elapsed < Gateway.Options.ResyncInterval; elapsed += Gateway.Options.PingInterval)
        {
            await ada.PingAsync();
            Gateway.Time.Advance(Gateway.Options.PingInterval);
        }

        var roster = await ada.ExpectAsync("roster");
        Assert.That(roster.GetProperty("participants")[0].GetProperty("muted").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Sync_is_answered_with_the_roster()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"sync"}""");
        Assert.That((await ada.ExpectAsync("roster")).GetProperty("seq").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task An_answer_that_does_not_fit_says_what_is_wrong()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"answer","epoch":2,"sdp":"v=0\r\n"}""");
        var error = await ada.ExpectAsync("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("invalidAnswer"));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain("the text is not SDP"));
    }

    [Test]
    public async Task A_page_of_a_foreign_origin_is_not_admitted()
    {
        await using var gateway = await GatewayHost.StartAsync("Production", ("Hype:Gateway:AllowedOrigins:0", "https://app.example.org"));
        Assert.That(async () => await VoiceClient.ConnectAsync(gateway.Url, "https://evil.example.org"), Throws.InstanceOf<WebSocketException>());
        using var allowed = await VoiceClient.ConnectAsync(gateway.Url, "https://app.example.org");
        using var own = await VoiceClient.ConnectAsync(gateway.Url, gateway.Url.GetLeftPart(UriPartial.Authority));
        await allowed.PingAsync();
        await own.PingAsync();
    }

    /// <summary>More than the socket's buffers and the send queue hold together.</summary>
    private async Task FloodAsync()
    {
        var channel = Lobby;
        var big = channel.Find(new MemberNumber(1)) with { Name = new string('x', 60_000) };
        while (Gateway.Registry.Sockets.Single().Closing is null)
        {
            await channel.Tell(channel.Change(big));
            await Task.Yield();
        }

        Assert.That(Gateway.Registry.Sockets.Single().Closing, Is.EqualTo(SocketCloseReason.Slow));
    }
}
