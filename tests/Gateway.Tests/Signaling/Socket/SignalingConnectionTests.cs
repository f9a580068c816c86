using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Signaling.Socket;

/// <summary>Tests the size limits, timeouts and queues of a socket, over real Kestrel and WebSockets.</summary>
public sealed class SignalingConnectionTests : GatewayFixture
{
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

    [Test]
    public async Task Socket_with_too_many_unread_messages_is_closed_as_slow()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await FloodAsync();
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("slow", 4005)));
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Socket_with_too_many_unread_messages_is_aborted_if_the_close_times_out()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await FloodAsync();
        Gateway.Time.Advance(Gateway.Options.CloseTimeout);
        await Lobby.Called("Detach 1");
    }

    /// <summary>Publishes more events than the send queue and the buffers of the operating system can hold.</summary>
    private async Task FloodAsync()
    {
        var channel = Lobby;
        var big = channel.Find(new MemberNumber(1)) with { Name = new string('x', 60_000) };
        while (Gateway.Registry.Sockets.Single().Closing is null)
        {
            await channel.Publish(channel.Change(big));
            await Task.Yield();
        }

        Assert.That(Gateway.Registry.Sockets.Single().Closing, Is.EqualTo(SocketCloseReason.Slow));
    }
}
