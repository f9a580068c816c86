using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Channels;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelStoreTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly ChannelSettings Named = new() { Name = "Lobby" };

    private readonly FakePersistentState<ChannelState> _state = new();
    private readonly FakeGrainTimer _timer = new();
    private readonly ChannelStore _store;
    private readonly List<bool> _indexed = [];
    private int _changes;
    private int _deactivations;

    public ChannelStoreTests() => _store = new ChannelStore(
        MachineBench.Channel,
        _state,
        _timer,
        TimeSpan.FromMilliseconds(250),
        () => _changes++,
        isCreated =>
        {
            _indexed.Add(isCreated);
            return Task.CompletedTask;
        },
        () => _deactivations++,
        NullLogger.Instance);

    [Test]
    public async Task Second_creation_of_a_channel_is_refused()
    {
        Assert.That(await _store.CreateAsync(Named, Now), Is.EqualTo(VoiceError.None));
        Assert.That((_store.CreatedAt, _store.Settings, _state.Writes, _changes), Is.EqualTo((Now, Named, 1, 1)));
        Assert.That(await _store.CreateAsync(Named, Now), Is.EqualTo(VoiceError.ChannelExists));
        Assert.That(_indexed, Is.EqualTo(new[] { true }));
    }

    [Test]
    public async Task Invalid_settings_are_not_stored()
    {
        var invalid = new ChannelSettings { MaxParticipants = 0 };
        Assert.That(await _store.CreateAsync(invalid, Now), Is.EqualTo(VoiceError.InvalidSettings));
        Assert.That(await _store.UpdateSettingsAsync(invalid), Is.EqualTo(VoiceError.InvalidSettings));
        Assert.That(_state.Writes, Is.Zero);
    }

    [Test]
    public async Task Failed_write_of_settings_leaves_the_settings_unchanged_and_returns_unavailable()
    {
        _state.Failure = new TimeoutException();
        Assert.That(await _store.UpdateSettingsAsync(Named), Is.EqualTo(VoiceError.Unavailable));
        Assert.That((_store.Settings, _changes, _deactivations), Is.EqualTo((ChannelSettings.Default, 0, 0)));
    }

    [Test]
    public async Task Channel_activation_ends_when_another_activation_has_written_the_state()
    {
        _state.Failure = new InconsistentStateException("Another activation has written.");
        await _store.UpdateSettingsAsync(Named);
        Assert.That(_deactivations, Is.EqualTo(1));
    }

    [Test]
    public async Task Ban_is_effective_until_it_expires_or_is_lifted()
    {
        await _store.SetBanAsync(new Ban("eve", "noise", Now.AddHours(1)), Now);
        Assert.That(_store.IsBanned("eve", Now));
        Assert.That(_store.IsBanned("eve", Now.AddHours(1)), Is.False);
        await _store.LiftBanAsync("eve", Now);
        Assert.That(_store.GetBans(Now), Is.Empty);
    }

    [Test]
    public async Task Removed_channel_has_no_settings_and_no_bans()
    {
        await _store.CreateAsync(Named, Now);
        await _store.SetBanAsync(new Ban("eve", "noise", null), Now);
        await _store.ForgetAsync();
        Assert.That(
            (_store.CreatedAt, _store.Settings, _store.GetBans(Now).Length),
            Is.EqualTo(((DateTimeOffset?)null, ChannelSettings.Default, 0)));
        Assert.That(_indexed, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public async Task Checkpoint_is_scheduled_again_after_a_failed_write()
    {
        var checkpoint = new MachineBench().Machine.Checkpoint();
        _store.CheckpointSoon();
        Assert.That((_store.CheckpointDue, _timer.Due), Is.EqualTo((true, TimeSpan.FromMilliseconds(250))));
        Assert.That(await _store.TrySaveAsync(checkpoint));
        Assert.That((_store.CheckpointDue, _state.State.Checkpoint), Is.EqualTo((false, checkpoint)));

        _state.Failure = new TimeoutException();
        Assert.That(await _store.TrySaveAsync(checkpoint), Is.False);
        Assert.That(_store.CheckpointDue);
    }
}
