using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Sessions;
using Hype.Grains.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Hype.Grains.Identities;

/// <summary>
/// The grain of an identity. It is reentrant, so that a revocation that is still being stored already applies to sessions that channels
/// register.
/// </summary>
[Reentrant]
internal sealed partial class IdentityGrain(
    [PersistentState(IdentityState.StorageName)] IPersistentState<IdentityState> state,
    IOptions<ParticipantOptions> options,
    TimeProvider time,
    ILogger<IdentityGrain> logger) : Grain, IIdentityGrain
{
    /// <summary>
    /// The largest difference that gateways accept between their clock and the clock of the issuer of tokens. An issuer whose clock is
    /// ahead dates its tokens up to this time after a revocation, so tokens of this time are revoked too.
    /// </summary>
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly IdentitySessions _sessions = new();

    /// <summary>The state in effect.</summary>
    private IdentityState _current = null!;

    private StateStore<IdentityState> _store = null!;
    private IGrainTimer _retry = null!;
    private IGrainTimer? _check;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _current = state.State;
        _store = new StateStore<IdentityState>(state, () => _current with { Writer = _store.Writer });
        _retry = this.RegisterGrainTimer(
            SaveAsync, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        if (_current.RevokedUpTo is null || _current.ForgetAt > Now)
            return;
        _current = new IdentityState();
        try
        {
            await state.ClearStateAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            // The record has no effect any longer; the next activation clears it.
            LogNotStored(exception, this.GetPrimaryKeyString());
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!_store.IsStored)
            await SaveAsync();
    }

    public Task<VoiceError> Enter(ChannelId channel, SessionId session, DateTimeOffset issuedAt)
    {
        if (_current.Revokes(issuedAt))
            return Task.FromResult(VoiceError.Revoked);
        _sessions.Add(channel, session);
        _check ??= this.RegisterGrainTimer(CheckSessionsAsync, options.Value.SessionCheck, options.Value.SessionCheck);
        UpdateLifetime();
        return Task.FromResult(VoiceError.None);
    }

    public Task Left(ChannelId channel, SessionId session)
    {
        _sessions.Remove(channel, session);
        UpdateLifetime();
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset?> Accept(DateTimeOffset issuedAt) =>
        Task.FromResult<DateTimeOffset?>(_current.Revokes(issuedAt) ? null : issuedAt > Now ? issuedAt : Now);

    public async Task<ModerationResult> Revoke(TimeSpan tokenLifetime, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var revoked = Now + ClockSkew;
        // The youngest revoked token is valid for its lifetime after its date, and gateways accept it a little longer.
        var forget = revoked + tokenLifetime + ClockSkew;
        _current = _current with
        {
            // The clock of the silo that stored an earlier revocation may be ahead of this one: that revocation stays.
            RevokedUpTo = _current.RevokedUpTo > revoked ? _current.RevokedUpTo : revoked,
            // A revocation before it may concern tokens with a longer lifetime.
            ForgetAt = _current.RevokedUpTo is not null && _current.ForgetAt > forget ? _current.ForgetAt : forget,
        };
        var saving = SaveAsync();
        // A channel that does not answer is notified of the revocation when it registers the session again.
        var ended = _sessions.Take();
        UpdateLifetime();
        LogRevoked(this.GetPrimaryKeyString(), ended.Length);
        var ending = Task.WhenAll(ended.Select(entry => EndAsync(entry.Channel, entry.Session)));
        var result = await OrderWrite.ResultAsync(saving, time);
        await ending;
        return result with { Sessions = ended.Length };
    }

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Keeps the grain active while it has sessions or a revocation that are not stored.</summary>
    private void UpdateLifetime() =>
        DelayDeactivation(_sessions.IsEmpty && _store.IsStored ? TimeSpan.Zero : Timeout.InfiniteTimeSpan);

    /// <summary>Removes the sessions that ended while this grain could not be reached.</summary>
    private async Task CheckSessionsAsync(CancellationToken cancellationToken)
    {
        var missing = new List<(ChannelId Channel, SessionId Session)>();
        foreach (var (channel, session) in _sessions.All.ToArray())
        {
            if (!await GrainFactory.GetGrain<IChannelGrain>(channel.Value).HasSession(session))
                missing.Add((channel, session));
        }

        _sessions.RemoveMissing(missing);
        UpdateLifetime();
    }

    private async Task EndAsync(ChannelId channel, SessionId session)
    {
        try
        {
            await GrainFactory.GetGrain<IChannelGrain>(channel.Value).Leave(session, LeaveReason.Revoked);
        }
        catch (Exception exception)
        {
            LogNotEnded(exception, session, channel);
        }
    }

    /// <summary>Writes the state in effect; if the write fails, writes it again after a pause.</summary>
    private async Task<SaveResult> SaveAsync()
    {
        try
        {
            await _store.SaveAsync();
            UpdateLifetime();
            return SaveResult.Stored;
        }
        catch (Exception exception)
        {
            LogNotStored(exception, this.GetPrimaryKeyString());
            if (exception is InconsistentStateException)
            {
                // Another activation has written: the decisions of this one would contradict it.
                DeactivateOnIdle();
                return SaveResult.Superseded;
            }

            _retry.Change(RetryPause, Timeout.InfiniteTimeSpan);
            return SaveResult.NotStored;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tokens of identity {Identity} revoked; {Sessions} sessions end")]
    private partial void LogRevoked(string identity, int sessions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to store the state of identity {Identity}")]
    private partial void LogNotStored(Exception exception, string identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to end session {Session} in channel {Channel}")]
    private partial void LogNotEnded(Exception exception, SessionId session, ChannelId channel);
}
