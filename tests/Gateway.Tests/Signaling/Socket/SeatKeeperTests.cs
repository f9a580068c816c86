using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Tests.Signaling.Socket;

/// <summary>Tests, over real WebSockets, that a client gets, resumes and loses its seat in a channel.</summary>
public sealed class SeatKeeperTests : GatewayFixture
{
    [Test]
    public async Task Join_is_answered_with_a_welcome_message()
    {
        using var ada = await Gateway.JoinAsync("ada");
        Assert.That(ada.Welcome.GetProperty("identity").GetString(), Is.EqualTo("ada"));
        Assert.That(ada.Welcome.GetProperty("name").GetString(), Is.EqualTo("Name of ada"));
        Assert.That(ada.Welcome.GetProperty("resumed").GetBoolean(), Is.False);
        Assert.That(ada.Welcome.GetProperty("limits").GetProperty("pingIntervalMs").GetInt32(), Is.EqualTo(10_000));
    }

    [Test]
    public async Task Join_after_a_refused_join_is_accepted_on_the_same_socket()
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
    public async Task Third_refused_join_closes_the_socket()
    {
        using var client = await Gateway.ConnectAsync();
        Lobby.JoinError = VoiceError.Banned;
        var token = Gateway.Token("mallory");
        foreach (var (channel, code) in new[] { ("lobby", "banned"), ("", "invalidChannel"), ("lobby", "banned") })
        {
            await client.SendAsync($$"""{"type":"join","channel":"{{channel}}","token":"{{token}}"}""");
            Assert.That(await client.ExpectErrorAsync(), Is.EqualTo(code));
        }

        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("joinRefused", 4015)));
    }

    [TestCase(false)]
    [TestCase(true, Description = "the grain call fails")]
    public async Task Socket_with_a_refused_join_is_closed_after_the_join_timeout(bool fails)
    {
        using var client = await Gateway.ConnectAsync();
        Lobby.JoinError = VoiceError.ChannelFull;
        Lobby.Failure = fails ? new TimeoutException("No silo.") : null;
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{Gateway.Token("mallory")}}"}""");
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo(fails ? "unavailable" : "channelFull"));
        await client.PingAsync();
        Gateway.Time.Advance(Gateway.Options.JoinTimeout);
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("joinTimeout", 4002)));
    }

    [Test]
    public async Task Seat_of_a_join_without_an_answer_is_ended()
    {
        using var client = await Gateway.ConnectAsync();
        Lobby.Failure = new TimeoutException("No silo.");
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{Gateway.Token("ada")}}"}""");
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("unavailable"));
        await Lobby.Called("Leave  Left");
        Assert.That(Lobby.LeaveSession, Is.EqualTo(Lobby.JoinSession));
    }

    [Test]
    public async Task Session_of_a_lost_socket_is_detached_from_the_channel()
    {
        using var ada = await Gateway.JoinAsync("ada");
        ada.Abort();
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Failed_detach_is_repaired_by_an_attach_with_the_other_sessions()
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var bob = await Gateway.JoinAsync("bob");
        Lobby.Failure = new TimeoutException("No silo.");
        ada.Abort();
        await Lobby.Called("Detach 1");
        await Lobby.Called("Attach 2");
    }

    [Test]
    public async Task Resume_on_a_new_socket_keeps_the_member_number_and_replaces_the_old_socket()
    {
        using var first = await Gateway.JoinAsync("ada");
        using var second = await Gateway.ConnectAsync();
        await second.SendAsync($$"""{"type":"resume","channel":"lobby","resumeToken":"{{first.ResumeToken}}"}""");
        var welcome = await second.ExpectAsync("welcome");

        Assert.That(welcome.GetProperty("resumed").GetBoolean(), Is.True);
        Assert.That(welcome.GetProperty("number").GetUInt32(), Is.EqualTo(first.Number.Value));
        Assert.That(await first.ExpectCloseAsync(), Is.EqualTo(("replaced", 4006)));
    }

    [Test]
    public async Task Resume_of_an_ended_session_closes_the_socket()
    {
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync("""{"type":"resume","channel":"lobby","resumeToken":"nonsense"}""");
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("sessionExpired"));
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("sessionExpired", 4010)));
    }
}
