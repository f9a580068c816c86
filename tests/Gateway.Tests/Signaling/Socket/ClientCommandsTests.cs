using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Tests.Signaling.Socket;

/// <summary>Tests the grain calls that a client's messages cause.</summary>
public sealed class ClientCommandsTests : GatewayFixture
{
    [Test]
    public async Task Signal_is_sent_to_the_member_with_the_given_number()
    {
        using var ada = await Gateway.JoinAsync("ada");
        using var bob = await Gateway.JoinAsync("bob");
        await bob.SendAsync($$$"""{"type":"signal","to":{{{ada.Number}}},"epoch":1,"description":{"type":"offer","sdp":"v=0\r\n"}}""");

        var signal = await Gateway.Cluster.Mailbox(Lobby.Find(ada.Number).Session).NextSignal();
        Assert.That(signal, Is.EqualTo(new PeerSignal(bob.Number, new(1), """{"description":{"type":"offer","sdp":"v=0\r\n"}}""")));

        await bob.SendAsync("""{"type":"signal","to":99,"epoch":1,"candidate":null}""");
        Assert.That(await bob.ExpectErrorAsync(), Is.EqualTo("unknownParticipant"));
    }

    [TestCase("""{"type":"ready","epoch":3}""", "Ready 1 3")]
    [TestCase("""{"type":"failed","epoch":3,"peer":2}""", "ConnectionFailed 1 3 2")]
    [TestCase("""{"type":"state","muted":true,"deafened":false}""", "SetState 1 True False")]
    [TestCase("""{"type":"state","muted":false,"deafened":true}""", "SetState 1 True True", Description = "a deafened member is muted")]
    [TestCase("""{"type":"simulate","fault":"switchMode"}""", "RequestLayout Sfu Requested")]
    [TestCase("""{"type":"simulate","fault":"moveRoom"}""", "RequestLayout P2P Requested")]
    public async Task Message_of_a_member_invokes_the_matching_method_of_the_channel_grain(string message, string call)
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync(message);
        await Lobby.Called(call);
    }

    [Test]
    public async Task Leave_message_ends_the_session_and_closes_the_socket()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"leave"}""");
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("left", 1000)));
        await Lobby.Called("Leave 1 Left");
    }

    [Test]
    public async Task Sync_message_is_answered_with_the_roster()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"sync"}""");
        Assert.That((await ada.ExpectAsync("roster")).GetProperty("seq").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task Invalid_SDP_answer_is_refused_with_a_description_of_the_flaw()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"answer","epoch":2,"sdp":"v=0\r\n"}""");
        var error = await ada.ExpectAsync("error");
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("invalidAnswer"));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain("the text is not SDP"));
    }
}
