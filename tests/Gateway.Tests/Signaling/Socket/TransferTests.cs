using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Tests.Signaling.Socket;

/// <summary>A moderator moves somebody to another channel: his socket stays, and hears the other channel from then on.</summary>
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
    public async Task The_client_gets_another_welcome_on_the_socket_that_it_has()
    {
        var welcome = await TransferAsync();
        Assert.That(welcome.GetProperty("channel").GetString(), Is.EqualTo("stage"));
        Assert.That(welcome.GetProperty("resumeToken").GetString(), Is.Not.EqualTo(_ada.ResumeToken));
        await Stage.Called("Attach 1");
        await Stage.Tell(Stage.Change(Stage.Find(new MemberNumber(1)) with { Muted = true }));
        Assert.That((await _ada.ExpectAsync("rosterDiff")).GetProperty("changed")[0].GetProperty("muted").GetBoolean(), "it hears the other channel");
    }

    [Test]
    public async Task That_it_left_the_channel_before_does_not_end_its_socket()
    {
        await TransferAsync();
        await Lobby.Tell(new RosterChanged(2, [], [], [new ParticipantLeft(new MemberNumber(1), LeaveReason.Moved)]));
        await _ada.PingAsync();
    }

    [Test]
    public async Task What_it_says_of_the_channel_before_is_passed_over_until_it_has_seen_the_other()
    {
        await TransferAsync();
        await _ada.SendAsync("""{"type":"ready","epoch":1}""");
        await _ada.SendAsync("""{"type":"state","muted":true,"deafened":false}""");
        await Stage.Called("SetState 1 True False");
        await _ada.SendAsync("""{"type":"moved","channel":"stage"}""");
        await _ada.SendAsync("""{"type":"ready","epoch":2}""");
        await Stage.Called("Ready 1 2");
        Assert.That(Stage.Heard, Has.None.EqualTo("Ready 1 1"), "epochs of two channels cannot be told apart");
        await _ada.SendAsync("""{"type":"moved","channel":"stage"}""");
        Assert.That(await _ada.ExpectErrorAsync(), Is.EqualTo("outOfOrder"), "once");
    }

    [Test]
    public async Task Who_leaves_then_leaves_the_channel_that_he_was_moved_to()
    {
        await TransferAsync();
        await _ada.SendAsync("""{"type":"leave"}""");
        await Stage.Called("Leave 1 Left");
    }

    [Test]
    public async Task A_socket_that_is_lost_afterwards_is_missed_where_it_is()
    {
        await TransferAsync();
        _ada.Abort();
        await Stage.Called("Detach 1");
    }

    [Test]
    public async Task New_grants_are_told()
    {
        Assert.That(_ada.Welcome.GetProperty("grants").EnumerateArray().Select(grant => grant.GetString()), Is.EqualTo(new[] { "join", "speak", "listen" }));
        await Lobby.Tell(new SessionGranted(Lobby.Find(new MemberNumber(1)).Session, Grants.Join | Grants.Listen));
        Assert.That((await _ada.ExpectAsync("grants")).GetProperty("grants").EnumerateArray().Select(grant => grant.GetString()), Is.EqualTo(new[] { "join", "listen" }));
    }

    private async Task<System.Text.Json.JsonElement> TransferAsync()
    {
        var seat = await Stage.Join(new JoinRequest { Identity = "ada", Name = "Ada", Grants = Grants.Join, Gateway = Gateway.Reference }, CancellationToken.None);
        await Lobby.Tell(new SessionTransferred(Lobby.Find(new MemberNumber(1)).Session, ChannelId.Parse("stage"), seat));
        return await _ada.ExpectAsync("welcome");
    }
}
