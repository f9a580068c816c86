using System.Net.WebSockets;
using Hype.Gateway.Signaling.Replica;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Signaling.Socket;

/// <summary>
/// Tests, over real WebSockets, that a failed message is answered with an error of docs/signaling.md and does not end the socket.
/// </summary>
public sealed class SignalingSessionTests : GatewayFixture
{
    [Test]
    public async Task Tenth_bad_message_closes_the_socket()
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
    [TestCase("""{"type":"join","channel":"two*words","token":"t"}""", "invalidChannel")]
    public async Task Error_before_the_join_leaves_the_socket_open(string message, string code)
    {
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync(message);
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo(code));
        await client.PingAsync();
    }

    [Test]
    public async Task Failed_grain_call_is_answered_with_unavailable_and_the_socket_stays_open()
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
    public async Task Unanswered_grain_call_is_answered_with_unavailable_after_the_timeout()
    {
        using var client = await Gateway.ConnectAsync();
        var channel = Lobby;
        channel.JoinGate = new TaskCompletionSource();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{Gateway.Token("ada")}}"}""");
        await channel.Called("Join ada");
        // Only until the gateway stops waiting: later it would close the silent socket too.
        while (!channel.JoinCancelled.IsCancellationRequested)
        {
            Gateway.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("unavailable"), "and its join is cancelled");
        channel.JoinGate.SetResult();
    }

    [Test]
    public async Task Roster_is_sent_again_after_a_lost_event_batch()
    {
        using var ada = await Gateway.JoinAsync("ada");
        var channel = Lobby;
        channel.Change(channel.Find(new MemberNumber(1)) with { Muted = true });
        channel.Lose();
        await channel.Publish(channel.Change(channel.Find(new MemberNumber(1)) with { Deafened = true }));
        Gateway.Time.Advance(GatewayObserver.GapLimit);
        await channel.Called("Attach 1");

        var roster = await ada.ExpectAsync("roster");
        Assert.That(roster.GetProperty("seq").GetInt32(), Is.EqualTo(3));
        Assert.That(roster.GetProperty("participants")[0].GetProperty("deafened").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Loss_of_the_last_event_batch_is_detected_by_the_periodic_attach()
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
}
