using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Channels;

/// <summary>Tests orders of moderators that are repeated, because their first attempt was not stored or its answer was lost.</summary>
public sealed class RepeatedOrderTests
{
    private readonly ScriptedStorage _storage = new();
    private readonly RecordingGateway _gateway = new("g1");
    private TemporaryFolder _folder = null!;
    private SiloInProcess _silo = null!;

    [OneTimeSetUp]
    public async Task StartSilo()
    {
        _folder = new TemporaryFolder();
        _silo = await SiloInProcess.Start(_folder.Database, _storage, ("Hype:Channels:CheckpointInterval", "00:00:10"));
    }

    [OneTimeTearDown]
    public async Task StopSilo()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Repeated_lift_of_a_ban_says_whether_the_first_is_stored()
    {
        var (channel, script) = Open("lift");
        Assert.That((await channel.SetBan(new Ban("eve", "", null))).IsStored, Is.True);
        script.IsDown = true;
        Assert.That(await channel.LiftBan("eve"), Is.EqualTo(ModerationResult.NotStored));
        Assert.That(await channel.LiftBan("eve"), Is.EqualTo(ModerationResult.NotStored));
        script.IsDown = false;
        Assert.That(await channel.LiftBan("eve"), Is.EqualTo(ModerationResult.Stored));
        Assert.That(((ChannelState)script.Committed!).Bans, Is.Empty);
        Assert.That((await channel.LiftBan("eve")).Error, Is.EqualTo(VoiceError.UnknownBan), "nothing is left to store");
    }

    [Test]
    public async Task Repeated_kick_of_a_member_succeeds_and_says_whether_the_first_is_stored()
    {
        var (channel, script) = Open("kick");
        await _silo.Join("kick", "ada", _gateway);
        var eve = await _silo.Join("kick", "eve", _gateway);
        script.IsDown = true;
        Assert.That(await channel.Kick(eve.Number), Is.EqualTo(ModerationResult.NotStored));
        script.IsDown = false;
        Assert.That(await channel.Kick(eve.Number), Is.EqualTo(ModerationResult.Stored));
        Assert.That(await channel.Kick(eve.Number), Is.EqualTo(ModerationResult.Stored));
        Assert.That((await channel.Kick(new MemberNumber(99_999))).Error, Is.EqualTo(VoiceError.UnknownParticipant));
    }

    [Test]
    public async Task End_of_a_channel_is_stored_with_the_end_of_its_sessions()
    {
        var (channel, script) = Open("ended");
        var eve = await _silo.Join("ended", "eve", _gateway);
        await channel.SetServerMute(eve.Number, true);
        Assert.That(await channel.Close(forget: true), Is.EqualTo(VoiceError.None));
        Assert.That(StoredMembers(script), Is.Empty, "the next activation would restore a mute without its restriction");
        script.IsDown = true;
        Assert.That(await channel.Kick(eve.Number), Is.EqualTo(ModerationResult.NotStored));
        script.IsDown = false;
        Assert.That(await channel.Kick(eve.Number), Is.EqualTo(ModerationResult.Stored));
        Assert.That(StoredMembers(script), Is.Empty);
    }

    [Test]
    public async Task Kick_of_a_member_that_left_says_whether_its_end_is_stored()
    {
        var (channel, script) = Open("left");
        var eve = await _silo.Join("left", "eve", _gateway);
        Assert.That(await channel.UpdateSettings(new ChannelSettings { Name = "stores eve" }), Is.EqualTo(VoiceError.None));
        script.IsDown = true;
        await channel.Leave(eve.Session, LeaveReason.Left);
        Assert.That(await channel.Kick(eve.Number), Is.EqualTo(ModerationResult.NotStored));
        Assert.That(StoredMembers(script), Does.Contain(eve.Session));
        script.IsDown = false;
        Assert.That(await channel.Kick(eve.Number), Is.EqualTo(ModerationResult.Stored));
        Assert.That(StoredMembers(script), Is.Empty);
    }

    [Test]
    public async Task Later_attempt_of_a_lift_that_finds_nothing_writes_before_it_is_acknowledged()
    {
        // A write of an earlier activation may still be on its way: without a write of this one, it would store the ban again.
        var (channel, script) = Open("late");
        await _silo.Join("late", "eve", _gateway);
        _silo.Calls.Age(nameof(IChannelGrain.LiftBan), "late", TimeSpan.FromSeconds(2));
        _silo.Calls.Age(nameof(IChannelGrain.LiftRestriction), "late", TimeSpan.FromSeconds(2));
        script.IsDown = true;
        Assert.That(await channel.LiftBan("eve"), Is.EqualTo(ModerationResult.NotStored));
        script.IsDown = false;
        Assert.That(await channel.LiftBan("eve"), Is.EqualTo(ModerationResult.Stored));
        script.IsDown = true;
        Assert.That(await channel.LiftRestriction("eve"), Is.EqualTo(ModerationResult.NotStored));
        script.IsDown = false;
        Assert.That(await channel.LiftRestriction("eve"), Is.EqualTo(ModerationResult.Stored));
    }

    [Test]
    public async Task Later_attempt_of_a_lift_succeeds_after_the_loss_of_the_first_answer()
    {
        var (channel, _) = Open("lost");
        var eve = await _silo.Join("lost", "eve", _gateway);
        await channel.SetBan(new Ban("bob", "", null));
        await channel.SetServerMute(eve.Number, true);
        Assert.That(await channel.LiftBan("bob"), Is.EqualTo(ModerationResult.Stored));
        Assert.That(await channel.LiftRestriction("eve"), Is.EqualTo(ModerationResult.Stored));
        Assert.That((await channel.LiftBan("bob")).Error, Is.EqualTo(VoiceError.UnknownBan), "another call");

        _silo.Calls.Age(nameof(IChannelGrain.LiftBan), "lost", TimeSpan.FromSeconds(2));
        _silo.Calls.Age(nameof(IChannelGrain.LiftRestriction), "lost", TimeSpan.FromSeconds(2));
        Assert.That(await channel.LiftBan("bob"), Is.EqualTo(ModerationResult.Stored));
        Assert.That(await channel.LiftRestriction("eve"), Is.EqualTo(ModerationResult.Stored));
    }

    private static IEnumerable<SessionId> StoredMembers(WriteScript script) =>
        ((ChannelState)script.Committed!).Checkpoint!.Members.Select(member => member.Session);

    private (IChannelGrain Channel, WriteScript Script) Open(string name) =>
        (_silo.Channel(name), _storage.ScriptOf(ChannelState.StorageName, name));
}
