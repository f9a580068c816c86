using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Storage;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChannelStoreTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly ChannelSettings Named = new() { Name = "Lobby" };

    private readonly FakeRow<ChannelState> _row = new();
    private readonly FakePersistentState<ChannelState> _state;
    private readonly FakeGrainTimer _timer = new();
    private readonly ChannelCheckpoint _checkpoint = new MachineBench().Machine.Checkpoint();
    private readonly ChannelStore _store;
    private readonly List<bool> _indexed = [];
    private int _changes;
    private int _deactivations;

    public ChannelStoreTests()
    {
        _state = new FakePersistentState<ChannelState>(_row);
        _store = new ChannelStore(
            MachineBench.Channel,
            _state,
            _timer,
            TimeSpan.FromMilliseconds(250),
            () => _checkpoint,
            _ => { },
            () => _changes++,
            isCreated =>
            {
                _indexed.Add(isCreated);
                return Task.CompletedTask;
            },
            () => _deactivations++,
            NullLogger.Instance);
    }

    [Test]
    public async Task Second_creation_of_a_channel_is_refused_and_repeats_the_entry_in_the_index()
    {
        Assert.That(await _store.CreateAsync(Named, Now), Is.EqualTo(VoiceError.None));
        Assert.That((_store.CreatedAt, _store.Settings, _state.Writes, _changes), Is.EqualTo((Now, Named, 1, 1)));
        Assert.That(await _store.CreateAsync(Named, Now), Is.EqualTo(VoiceError.ChannelExists));
        Assert.That(_indexed, Is.EqualTo(new[] { true, true }));
    }

    [Test]
    public async Task First_of_two_simultaneous_creations_is_stored()
    {
        _state.Pause = new TaskCompletionSource();
        var before = _store.SaveAsync();
        var first = _store.CreateAsync(Named, Now);
        var second = _store.CreateAsync(ChannelSettings.Default, Now);
        _state.Pause.SetResult();
        await before;
        Assert.That((await first, await second), Is.EqualTo((VoiceError.None, VoiceError.ChannelExists)));
        Assert.That(_row.Value.Settings, Is.EqualTo(Named));
    }

    [Test]
    public async Task Creation_after_a_failed_one_succeeds()
    {
        _state.Pause = new TaskCompletionSource();
        _state.Failure = new TimeoutException();
        var first = _store.CreateAsync(Named, Now);
        var second = _store.CreateAsync(ChannelSettings.Default, Now);
        _state.Pause.SetResult();
        Assert.That((await first, await second), Is.EqualTo((VoiceError.Unavailable, VoiceError.Unavailable)));
        _state.Failure = null;
        Assert.That(await _store.CreateAsync(Named, Now), Is.EqualTo(VoiceError.None));
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
        _state.Failure = null;
        await _store.SaveAsync();
        Assert.That(_row.Value.Settings, Is.EqualTo(ChannelSettings.Default));
    }

    [Test]
    public async Task Ban_that_arrives_during_a_failing_change_of_the_settings_is_stored_and_in_effect()
    {
        _state.Pause = new TaskCompletionSource();
        _state.Failure = new TimeoutException();
        var settings = _store.UpdateSettingsAsync(Named);
        _store.TrySetBan(new Ban("eve", "noise", null), Now);
        var ban = _store.SaveAsync();
        // The write of the settings fails, and the write of the ban, which runs after it, succeeds.
        var pause = _state.Pause;
        _state.Pause = new TaskCompletionSource();
        pause.SetResult();
        Assert.That(await settings, Is.EqualTo(VoiceError.Unavailable));
        _state.Failure = null;
        _state.Pause.SetResult();
        Assert.That(await ban, Is.EqualTo(SaveResult.Stored));
        Assert.That(_store.IsBanned("eve", Now));
        Assert.That(_row.Value.Bans.Single().Identity, Is.EqualTo("eve"));
        Assert.That((_row.Value.Settings, _store.Settings), Is.EqualTo((ChannelSettings.Default, ChannelSettings.Default)));
    }

    [Test]
    public async Task Ban_that_cannot_be_stored_is_in_effect_and_in_the_next_checkpoint()
    {
        _state.Failure = new TimeoutException();
        _store.TrySetBan(new Ban("eve", "noise", null), Now);
        Assert.That(await _store.SaveAsync(), Is.EqualTo(SaveResult.NotStored));
        Assert.That((_store.IsBanned("eve", Now), _store.NeedsSave), Is.EqualTo((true, true)));
        Assert.That(_timer.Due, Is.EqualTo(TimeSpan.FromMilliseconds(250)));
        _state.Failure = null;
        await _store.SaveAsync();
        Assert.That((_row.Value.Bans.Length, _store.NeedsSave), Is.EqualTo((1, false)));
    }

    [Test]
    public async Task Channel_activation_ends_when_another_activation_has_written_the_state()
    {
        _row.Write(new ChannelState { Writer = Guid.NewGuid() });
        Assert.That(await _store.UpdateSettingsAsync(Named), Is.EqualTo(VoiceError.Unavailable));
        Assert.That(_deactivations, Is.EqualTo(1));
        Assert.That(await _store.SaveAsync(), Is.EqualTo(SaveResult.Superseded));
    }

    [Test]
    public async Task Channel_activation_continues_after_its_own_write_was_committed_and_not_acknowledged()
    {
        (_state.Failure, _state.CommitsBeforeFailure) = (new TimeoutException(), true);
        Assert.That(await _store.UpdateSettingsAsync(Named), Is.EqualTo(VoiceError.Unavailable));
        _state.Failure = null;
        _store.TrySetBan(new Ban("eve", "noise", null), Now);
        Assert.That(await _store.SaveAsync(), Is.EqualTo(SaveResult.Stored));
        Assert.That((_row.Value.Settings, _row.Value.Bans.Length, _deactivations), Is.EqualTo((ChannelSettings.Default, 1, 0)));
    }

    [Test]
    public void Ban_is_effective_until_it_expires_or_is_lifted()
    {
        _store.TrySetBan(new Ban("eve", "noise", Now.AddHours(1)), Now);
        Assert.That(_store.IsBanned("eve", Now));
        Assert.That(_store.IsBanned("eve", Now.AddHours(1)), Is.False);
        _store.LiftBan("eve", Now);
        Assert.That(_store.GetBans(Now), Is.Empty);
    }

    [Test]
    public async Task Removed_channel_has_no_settings_no_bans_and_no_restrictions()
    {
        await _store.CreateAsync(Named, Now);
        _store.TrySetBan(new Ban("eve", "noise", null), Now);
        _store.Restrict("mallory", new Restriction { Denied = Grants.Speak });
        await _store.ForgetAsync(() => { });
        Assert.That(
            (_store.CreatedAt, _store.Settings, _store.GetBans(Now).Length, _store.RestrictionOf("mallory")),
            Is.EqualTo(((DateTimeOffset?)null, ChannelSettings.Default, 0, Restriction.None)));
        Assert.That(_indexed, Is.EqualTo(new[] { true, false }));
        Assert.That((_row.Value.Bans.Length, _row.Value.Restrictions.Length), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Ban_that_arrives_during_the_removal_of_the_channel_stays()
    {
        var ban = new Ban("eve", "noise", null);
        _store.TrySetBan(ban, Now);
        _state.Pause = new TaskCompletionSource();
        var removal = _store.ForgetAsync(() => { });
        _store.TrySetBan(ban, Now);
        var order = _store.SaveAsync();
        _state.Pause.SetResult();
        Assert.That((await removal, await order), Is.EqualTo((VoiceError.None, SaveResult.Stored)));
        Assert.That((_store.IsBanned("eve", Now), _row.Value.Bans.Length), Is.EqualTo((true, 1)));
    }

    [Test]
    public async Task Checkpoint_is_scheduled_again_after_a_failed_write()
    {
        _store.CheckpointSoon();
        Assert.That((_store.CheckpointDue, _timer.Due), Is.EqualTo((true, TimeSpan.FromMilliseconds(250))));
        Assert.That(await _store.SaveAsync(), Is.EqualTo(SaveResult.Stored));
        Assert.That((_store.CheckpointDue, _row.Value.Checkpoint), Is.EqualTo((false, _checkpoint)));

        _state.Failure = new TimeoutException();
        Assert.That(await _store.SaveAsync(), Is.EqualTo(SaveResult.NotStored));
        Assert.That(_store.CheckpointDue);
    }
}
