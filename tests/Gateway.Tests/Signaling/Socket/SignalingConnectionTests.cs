using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Socket;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Signaling.Socket;

/// <summary>Tests the size limits, timeouts and queues of a socket, over real Kestrel and WebSockets.</summary>
public sealed class SignalingConnectionTests : GatewayFixture
{
    private SignalingConnection Connection => (SignalingConnection)Gateway.Registry.Sockets.Single();

    [Test]
    public async Task Message_above_the_size_limit_closes_the_socket()
    {
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync($$"""{"type":"ping","x":"{{new string('x', 70_000)}}"}""");
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("messageTooLarge"));
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("messageTooLarge", 4001)));
    }

    [Test]
    public async Task Message_of_the_largest_allowed_size_is_handled()
    {
        using var client = await Gateway.ConnectAsync();
        var frame = """{"type":"ping","id":1,"x":""}""";
        await client.SendAsync(frame.Replace("\"\"", $"\"{new string('x', 65_536 - frame.Length)}\"", StringComparison.Ordinal));
        await client.ExpectAsync("pong");
    }

    [Test]
    public async Task Socket_without_a_join_before_the_join_timeout_is_closed()
    {
        using var client = await Gateway.ConnectAsync();
        await client.PingAsync();
        Gateway.Time.Advance(Gateway.Options.JoinTimeout);
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("joinTimeout", 4002)));
    }

    [Test]
    public async Task Socket_silent_for_three_ping_intervals_is_closed_and_the_session_may_resume()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.PingAsync();
        Gateway.Time.Advance(3 * Gateway.Options.PingInterval);
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("silent", 4004)));
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Pinging_client_stays_connected()
    {
        using var ada = await Gateway.JoinAsync("ada");
        for (var i = 0; i < 10; i++)
        {
            Gateway.Time.Advance(Gateway.Options.PingInterval);
            await ada.PingAsync();
        }

        Assert.That(Gateway.Registry.Sockets.Single().Closing, Is.Null, "the socket is open");
    }

    [TestCase(1_000, Description = "the bound of messages is reached first")]
    [TestCase(60_000, Description = "the bound of bytes is reached first")]
    public async Task Socket_with_too_many_unread_messages_or_bytes_is_closed_as_slow(int size)
    {
        using var ada = await Gateway.JoinAsync("ada");
        var connection = Connection;
        await FloodAsync(size);
        Assert.That(connection.QueuedBytes, Is.LessThan(Gateway.Options.SendQueueBytes + 2 * size));
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("slow", 4005)));
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Socket_with_too_many_unread_messages_is_aborted_if_the_close_times_out()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await FloodAsync(60_000);
        Gateway.Time.Advance(Gateway.Options.CloseTimeout);
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Client_that_sends_but_does_not_read_is_ended_by_the_send_timeout()
    {
        using var mallory = await Gateway.JoinAsync("mallory");
        var connection = Connection;
        var big = Lobby.Find(new MemberNumber(1)) with { Name = new string('x', 60_000) };
        for (var seconds = 0; connection.Closing is null; seconds++)
        {
            if (connection.QueuedBytes < 5 * 60_000)
            {
                await Lobby.Publish(Lobby.Change(big));
                continue;
            }

            await mallory.SendAsync($$"""{"type":"ready","epoch":{{seconds}}}""");
            await Lobby.Called($"Ready 1 {seconds}");
            Gateway.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(connection.Closing, Is.EqualTo(SocketCloseReason.SendTimeout));
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Message_larger_than_the_queue_is_sent_in_parts_and_arrives_whole()
    {
        using var ada = await Gateway.JoinAsync("ada");
        var name = new string('x', Gateway.Options.SendQueueBytes + 1);
        await Lobby.Publish(Lobby.Change(Lobby.Find(new MemberNumber(1)) with { Name = name }));
        var diff = await ada.ExpectAsync("rosterDiff");
        Assert.That(diff.GetProperty("changed")[0].GetProperty("name").GetString(), Is.EqualTo(name));
    }

    /// <summary>Publishes more events than the send queue and the buffers of the operating system can hold.</summary>
    private async Task FloodAsync(int size)
    {
        var channel = Lobby;
        var big = channel.Find(new MemberNumber(1)) with { Name = new string('x', size) };
        while (Gateway.Registry.Sockets.Single().Closing is null)
        {
            await channel.Publish(channel.Change(big));
            await Task.Yield();
        }

        Assert.That(Gateway.Registry.Sockets.Single().Closing, Is.EqualTo(SocketCloseReason.Slow));
    }
}
