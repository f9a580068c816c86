using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Tests.Signaling.Socket;

/// <summary>
/// Tests the transfer of a participant to another channel by a moderator: the socket stays open, and receives the events of the new
/// channel.
/// </summary>
public sealed class TransferTests : GatewayFixture
{
    private VoiceClient _ada = null!;

    [SetUp]
    public async Task SetUp()
    {
        _ada = await Gateway.JoinAsync("ada");
    }

    [TearDown]
    public void TearDown() => _ada.Dispose();

    private FakeChannel Stage => Gateway.Cluster.Channel("stage");

    [Test]
    public async Task Client_transferred_to_another_channel_gets_a_second_welcome_on_the_same_socket()
    {
        var welcome = await TransferAsync();
        Assert.That(welcome.GetProperty("channel").GetString(), Is.EqualTo("stage"));
        Assert.That(welcome.GetProperty("resumeToken").GetString(), Is.Not.EqualTo(_ada.ResumeToken));
        await Stage.Called("Attach 1");
        await Stage.Publish(Stage.Change(Stage.Find(new MemberNumber(1)) with { Muted = true }));
        Assert.That(
            (await _ada.ExpectAsync("rosterDiff")).GetProperty("changed")[0].GetProperty("muted").GetBoolean(),
            "it receives the events of the other channel");
    }

    [Test]
    public async Task Socket_stays_open_when_the_former_channel_publishes_the_move()
    {
        await TransferAsync();
        await Lobby.Publish(new RosterChanged(2, [], [], [new ParticipantLeft(new MemberNumber(1), LeaveReason.Moved)]));
        await _ada.PingAsync();
    }

    [Test]
    public async Task Ready_message_for_the_former_channel_is_ignored_until_the_client_sends_moved()
    {
        await TransferAsync();
        await _ada.SendAsync("""{"type":"ready","epoch":1}""");
        await _ada.SendAsync("""{"type":"state","muted":true,"deafened":false}""");
        await Stage.Called("SetState 1 True False");
        await _ada.SendAsync("""{"type":"moved","channel":"stage"}""");
        await _ada.SendAsync("""{"type":"ready","epoch":2}""");
        await Stage.Called("Ready 1 2");
        Assert.That(Stage.Calls, Has.None.EqualTo("Ready 1 1"), "epochs of two channels cannot be distinguished");
        await _ada.SendAsync("""{"type":"moved","channel":"stage"}""");
        Assert.That(await _ada.ExpectErrorAsync(), Is.EqualTo("outOfOrder"), "once");
    }

    [Test]
    public async Task Leave_after_a_transfer_ends_the_session_in_the_new_channel()
    {
        await TransferAsync();
        await _ada.SendAsync("""{"type":"leave"}""");
        await Stage.Called("Leave 1 Left");
    }

    [Test]
    public async Task Session_of_a_socket_lost_after_a_transfer_is_detached_from_the_new_channel()
    {
        await TransferAsync();
        _ada.Abort();
        await Stage.Called("Detach 1");
    }

    [Test]
    public async Task Changed_grants_are_sent_to_the_client()
    {
        Assert.That(
            _ada.Welcome.GetProperty("grants").EnumerateArray().Select(grant => grant.GetString()),
            Is.EqualTo(new[] { "join", "speak", "listen" }));
        await Lobby.Publish(new SessionGranted(Lobby.Find(new MemberNumber(1)).Session, Grants.Join | Grants.Listen));
        Assert.That(
            (await _ada.ExpectAsync("grants")).GetProperty("grants").EnumerateArray().Select(grant => grant.GetString()),
            Is.EqualTo(new[] { "join", "listen" }));
    }

    private async Task<System.Text.Json.JsonElement> TransferAsync()
    {
        var seat = await Stage.Join(
            new JoinRequest { Identity = "ada", Name = "Ada", Grants = Grants.Join, Gateway = Gateway.Reference },
            CancellationToken.None);
        await Lobby.Publish(new SessionTransferred(Lobby.Find(new MemberNumber(1)).Session, ChannelId.Parse("stage"), seat));
        return await _ada.ExpectAsync("welcome");
    }
}
