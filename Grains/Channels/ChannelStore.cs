using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Channels.Members;
using Hype.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Hype.Grains.Channels;

/// <summary>
/// Stores the state of a channel: settings, moderation and checkpoint, always all of them in one write.
/// <list type="bullet">
/// <item>A change of the settings takes effect after it is stored. A change whose write fails has no effect. Only the sessions of a
/// channel that is removed end before.</item>
/// <item>A moderator's order takes effect at once, and stays in effect if its write fails: the next checkpoint contains it.</item>
/// <item>A checkpoint is written at most once per checkpoint interval.</item>
/// </list>
/// </summary>
/// <param name="checkpointTimer">Fires when the checkpoint is due.</param>
/// <param name="takeCheckpoint">Returns the checkpoint for a write that starts now.</param>
/// <param name="onStored">Runs after each write, with the checkpoint that is stored now.</param>
/// <param name="changed">Runs after a change of the settings is stored: an acknowledged change is stored and has taken effect.</param>
/// <param name="setCreated">Stores in the channel index whether the channel was created by name.</param>
/// <param name="deactivate">Ends this activation after another one has written: its decisions would contradict those of the other.</param>
internal sealed partial class ChannelStore(
    ChannelId channel,
    IPersistentState<ChannelState> state,
    IGrainTimer checkpointTimer,
    TimeSpan checkpointInterval,
    Func<ChannelCheckpoint> takeCheckpoint,
    Action<ChannelCheckpoint> onStored,
    Action changed,
    Func<bool, Task> setCreated,
    Action deactivate,
    ILogger logger)
{
    /// <summary>The changes of the settings that are not stored yet, in the order of their arrival.</summary>
    private readonly List<Change> _waiting = [];

    private readonly ILogger _logger = logger;

    /// <summary>The changes of the settings that the present write contains.</summary>
    private Change[] _writing = [];

    /// <summary>
    /// The time at which an administrator created the channel by name; null for a channel that exists only because members joined.
    /// </summary>
    public DateTimeOffset? CreatedAt => Current.CreatedAt;

    public ChannelSettings Settings => Current.Settings;

    /// <summary>True if the channel has a record: an activation has taken the fence.</summary>
    public bool HasRecord => state.RecordExists;

    /// <summary>True if a checkpoint is scheduled and not written yet.</summary>
    public bool CheckpointDue { get; private set; }

    /// <summary>True if the storage has confirmed the last write, and with it all orders before that write.</summary>
    public bool IsStored => Store.IsStored;

    /// <summary>True if the storage lacks a part of the state, or has not confirmed it yet.</summary>
    public bool NeedsSave => CheckpointDue || !IsStored;

    /// <summary>The state in effect.</summary>
    private ChannelState Current { get => field ??= state.State; set; }

    private StateStore<ChannelState> Store => field ??= new StateStore<ChannelState>(state, Take, OnWritten);

    // Settings

    public async Task<VoiceError> CreateAsync(ChannelSettings settings, DateTimeOffset now)
    {
        if (!settings.IsValid())
            return VoiceError.InvalidSettings;
        if (CreatedAt is not null)
        {
            // The index lacks the channel if its write failed after the creation was stored.
            await setCreated(true);
            return VoiceError.ChannelExists;
        }

        // Another creation may be in the same write.
        var isFirst = false;
        var error = await ChangeAndIndexAsync(
            current =>
            {
                isFirst = current.CreatedAt is null;
                return isFirst ? current with { CreatedAt = now, Settings = settings } : current;
            },
            isCreated: true);
        return error == VoiceError.None && !isFirst ? VoiceError.ChannelExists : error;
    }

    public async Task<VoiceError> UpdateSettingsAsync(ChannelSettings settings) =>
        settings.IsValid() ? await ChangeAsync(current => current with { Settings = settings }) : VoiceError.InvalidSettings;

    /// <summary>Removes the stored creation, settings, bans and restrictions of the channel.</summary>
    /// <param name="endSessions">
    /// Ends all sessions. It runs when the write starts, so that no stored checkpoint has a muted member without its restriction, and
    /// again when it is stored, for the members that joined meanwhile.
    /// </param>
    public Task<VoiceError> ForgetAsync(Action endSessions)
    {
        // A moderator's order that arrives during the write is newer, and stays.
        var (bans, restrictions) = (Current.Bans, Current.Restrictions);
        return ChangeAndIndexAsync(
            current => current with
            {
                CreatedAt = null,
                Settings = ChannelSettings.Default,
                Bans = current.Bans.RemoveRange(bans, ReferenceEqualityComparer.Instance),
                Restrictions = current.Restrictions.RemoveRange(restrictions, ReferenceEqualityComparer.Instance),
            },
            isCreated: false,
            endSessions);
    }

    // Moderation

    /// <summary>Bans an identity; returns false if the channel has as many bans as it can hold.</summary>
    public bool TrySetBan(Ban ban, DateTimeOffset now)
    {
        if (!Current.Bans.HasPlaceFor(ban.Identity, now))
            return false;
        Current = Current with { Bans = Current.Bans.With(ban with { }, now) };
        return true;
    }

    public void LiftBan(string identity, DateTimeOffset now) => Current = Current with { Bans = Current.Bans.Without(identity, now) };

    public bool IsBanned(string identity, DateTimeOffset now) => Current.Bans.Forbid(identity, now);

    public Ban[] GetBans(DateTimeOffset now) => [.. Current.Bans.Where(ban => ban.Holds(now))];

    public RestrictedIdentity[] GetRestrictions() => [.. Current.Restrictions];

    public Restriction RestrictionOf(string identity) => Current.Restrictions.Of(identity);

    /// <summary>Replaces the restriction of an identity; <see cref="Restriction.None"/> lifts it.</summary>
    public void Restrict(string identity, Restriction restriction) =>
        Current = Current with { Restrictions = Current.Restrictions.With(identity, restriction) };

    // Checkpoints

    /// <summary>Schedules a checkpoint, which is written after at most one checkpoint interval.</summary>
    public void CheckpointSoon()
    {
        if (CheckpointDue)
            return;
        CheckpointDue = true;
        checkpointTimer.Change(checkpointInterval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes the state in effect and a new checkpoint; if the write fails, schedules another one.</summary>
    public async Task<SaveResult> SaveAsync()
    {
        try
        {
            await Store.SaveAsync();
            return SaveResult.Stored;
        }
        catch (Exception exception)
        {
            LogNotStored(exception, channel);
            if (exception is InconsistentStateException)
            {
                deactivate();
                return SaveResult.Superseded;
            }

            CheckpointSoon();
            return SaveResult.NotStored;
        }
    }

    /// <summary>Stores a creation or its end, then updates the channel index.</summary>
    private async Task<VoiceError> ChangeAndIndexAsync(
        Func<ChannelState, ChannelState> change, bool isCreated, Action? endSessions = null)
    {
        var error = await ChangeAsync(change, endSessions);
        if (error == VoiceError.None)
            await setCreated(isCreated);
        return error;
    }

    /// <summary>Writes a change before it takes effect.</summary>
    private async Task<VoiceError> ChangeAsync(Func<ChannelState, ChannelState> change, Action? endSessions = null)
    {
        _waiting.Add(new Change(change, endSessions));
        return await SaveAsync() == SaveResult.Stored ? VoiceError.None : VoiceError.Unavailable;
    }

    private ChannelState Take()
    {
        _writing = [.. _waiting];
        EndSessions();
        var checkpoint = takeCheckpoint();
        CheckpointDue = false;
        return Apply(_writing) with { Checkpoint = checkpoint, Writer = Store.Writer };
    }

    private void OnWritten(ChannelState? stored)
    {
        // A change whose write failed is given up: even if that write was committed, the next one removes it.
        foreach (var change in _writing)
            _waiting.Remove(change);
        if (stored is null)
            return;
        // The orders that arrived during the write are in effect, and stay.
        Current = Apply(_writing);
        EndSessions();
        if (_writing.Length > 0)
            changed();
        onStored(stored.Checkpoint!);
    }

    private void EndSessions()
    {
        foreach (var change in _writing)
            change.EndSessions?.Invoke();
    }

    private ChannelState Apply(IEnumerable<Change> changes) => changes.Aggregate(Current, (current, change) => change.Apply(current));

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed to store the state of channel {Channel}")]
    private partial void LogNotStored(Exception exception, ChannelId channel);

    /// <summary>A change of the settings.</summary>
    /// <param name="EndSessions">Null: the change ends no sessions.</param>
    private sealed record Change(Func<ChannelState, ChannelState> Apply, Action? EndSessions);
}
