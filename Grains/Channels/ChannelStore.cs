using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Channels.Members;
using Hype.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Hype.Grains.Channels;

/// <summary>
/// Stores the state of a channel. Creation, settings and bans are written before they are acknowledged; the checkpoint is written at most
/// once per checkpoint interval.
/// </summary>
/// <param name="checkpointTimer">Fires when the checkpoint is due.</param>
/// <param name="changed">Runs after a change is stored: an acknowledged change is stored and has taken effect.</param>
/// <param name="setCreated">Stores in the channel index whether the channel was created by name.</param>
/// <param name="deactivate">Ends this activation after another one has written: its decisions would contradict those of the other.</param>
internal sealed partial class ChannelStore(
    ChannelId channel,
    IPersistentState<ChannelState> state,
    IGrainTimer checkpointTimer,
    TimeSpan checkpointInterval,
    Action changed,
    Func<bool, Task> setCreated,
    Action deactivate,
    ILogger logger)
{
    private readonly StateStore<ChannelState> _store = new(state);
    private readonly ILogger _logger = logger;

    /// <summary>
    /// The time at which an administrator created the channel by name; null for a channel that exists only because members joined.
    /// </summary>
    public DateTimeOffset? CreatedAt => state.State.CreatedAt;

    public ChannelSettings Settings => state.State.Settings;

    /// <summary>True if a checkpoint is scheduled and not written yet.</summary>
    public bool CheckpointDue { get; private set; }

    public async Task<VoiceError> CreateAsync(ChannelSettings settings, DateTimeOffset now)
    {
        if (!settings.IsValid())
            return VoiceError.InvalidSettings;
        if (CreatedAt is not null)
            return VoiceError.ChannelExists;
        return await ChangeAndIndexAsync(stored => (stored.CreatedAt, stored.Settings) = (now, settings), isCreated: true);
    }

    public async Task<VoiceError> UpdateSettingsAsync(ChannelSettings settings) =>
        settings.IsValid() ? await ChangeAsync(stored => stored.Settings = settings) : VoiceError.InvalidSettings;

    /// <summary>Removes the stored creation, settings and bans of the channel.</summary>
    public Task<VoiceError> ForgetAsync() =>
        ChangeAndIndexAsync(
            stored => (stored.CreatedAt, stored.Settings, stored.Bans) = (null, ChannelSettings.Default, []), isCreated: false);

    public Task<VoiceError> SetBanAsync(Ban ban, DateTimeOffset now) => ChangeAsync(stored => stored.Bans = stored.Bans.With(ban, now));

    public Task<VoiceError> LiftBanAsync(string identity, DateTimeOffset now) =>
        ChangeAsync(stored => stored.Bans = stored.Bans.Without(identity, now));

    public bool IsBanned(string identity, DateTimeOffset now) => state.State.Bans.Forbid(identity, now);

    public Ban[] GetBans(DateTimeOffset now) => [.. state.State.Bans.Where(ban => ban.Holds(now))];

    /// <summary>Schedules a checkpoint, which is written after at most one checkpoint interval.</summary>
    public void CheckpointSoon()
    {
        if (CheckpointDue)
            return;
        CheckpointDue = true;
        checkpointTimer.Change(checkpointInterval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes a checkpoint; if the write fails, schedules another one and returns false.</summary>
    public async Task<bool> TrySaveAsync(ChannelCheckpoint checkpoint)
    {
        CheckpointDue = false;
        state.State.Checkpoint = checkpoint;
        if (await TryWriteAsync())
            return true;
        CheckpointSoon();
        return false;
    }

    /// <summary>Stores a creation or its end, then updates the channel index.</summary>
    private async Task<VoiceError> ChangeAndIndexAsync(Action<ChannelState> change, bool isCreated)
    {
        var error = await ChangeAsync(change);
        if (error == VoiceError.None)
            await setCreated(isCreated);
        return error;
    }

    /// <summary>Writes a change before it takes effect. If the write fails, the previous state is restored.</summary>
    private async Task<VoiceError> ChangeAsync(Action<ChannelState> change)
    {
        var stored = state.State;
        var before = (stored.Settings, stored.Bans, stored.CreatedAt);
        change(stored);
        if (!await TryWriteAsync())
        {
            (stored.Settings, stored.Bans, stored.CreatedAt) = before;
            return VoiceError.Unavailable;
        }

        changed();
        return VoiceError.None;
    }

    private async Task<bool> TryWriteAsync()
    {
        try
        {
            await _store.SaveAsync();
            return true;
        }
        catch (Exception exception)
        {
            LogNotStored(exception, channel);
            if (exception is InconsistentStateException)
                deactivate();
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed to store the state of channel {Channel}")]
    private partial void LogNotStored(Exception exception, ChannelId channel);
}
