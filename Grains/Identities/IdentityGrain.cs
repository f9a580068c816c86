using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Sessions;
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

    private readonly IdentitySessions _sessions = new();
    private Task _writing = Task.CompletedTask;
    private IGrainTimer? _check;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.State.RevokedUpTo is null || state.State.ForgetAt > Now)
            return;
        state.State.RevokedUpTo = null;
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

    public Task<VoiceError> Enter(ChannelId channel, SessionId session, DateTimeOffset issuedAt)
    {
        if (state.State.Revokes(issuedAt))
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
        Task.FromResult<DateTimeOffset?>(state.State.Revokes(issuedAt) ? null : issuedAt > Now ? issuedAt : Now);

    public async Task<VoiceError> Revoke(TimeSpan tokenLifetime, CancellationToken cancellationToken)
    {
        // Revocations are stored one after the other, as grain storage requires. So a failed one restores the time before it, not a newer
        // one.
        while (!_writing.IsCompleted)
            await _writing.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();

        // The revocation is effective while it is being stored: an unnecessary refusal does no harm.
        var (before, forget) = (state.State.RevokedUpTo, state.State.ForgetAt);
        state.State.RevokedUpTo = Now + ClockSkew;
        // The youngest revoked token is valid for its lifetime after its date, and gateways accept it a little longer.
        state.State.ForgetAt = state.State.RevokedUpTo.Value + tokenLifetime + ClockSkew;
        if (!await TryStoreAsync())
        {
            (state.State.RevokedUpTo, state.State.ForgetAt) = (before, forget);
            return VoiceError.Unavailable;
        }

        // A channel that does not answer is notified of the revocation when it registers the session again.
        var ended = _sessions.Take();
        await Task.WhenAll(ended.Select(entry => EndAsync(entry.Channel, entry.Session)));
        LogRevoked(this.GetPrimaryKeyString(), ended.Length);
        UpdateLifetime();
        return VoiceError.None;
    }

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Keeps the grain active while it has sessions, because they are not stored.</summary>
    private void UpdateLifetime() => DelayDeactivation(_sessions.IsEmpty ? TimeSpan.Zero : Timeout.InfiniteTimeSpan);

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

    private async Task<bool> TryStoreAsync()
    {
        try
        {
            await (_writing = state.WriteStateAsync());
            return true;
        }
        catch (Exception exception)
        {
            LogNotStored(exception, this.GetPrimaryKeyString());
            // Another activation has written: the decisions of this one would contradict it.
            if (exception is InconsistentStateException)
                DeactivateOnIdle();
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tokens of identity {Identity} revoked; {Sessions} sessions end")]
    private partial void LogRevoked(string identity, int sessions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to store the state of identity {Identity}")]
    private partial void LogNotStored(Exception exception, string identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to end session {Session} in channel {Channel}")]
    private partial void LogNotEnded(Exception exception, SessionId session, ChannelId channel);
}
