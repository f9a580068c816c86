using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
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

    private (IChannelGrain Channel, WriteScript Script) Open(string name) =>
        (_silo.Channel(name), _storage.ScriptOf(ChannelState.StorageName, name));
}
