using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Hype.Grains.Identities;

/// <summary>
/// An identity in the world. Reentrant: while a revocation is being stored and carried to the channels, channels ask who may come in,
/// and are answered by the revocation already.
/// </summary>
[Reentrant]
internal sealed partial class IdentityGrain(
    [PersistentState(IdentityState.StorageName)] IPersistentState<IdentityState> state, TimeProvider time, ILogger<IdentityGrain> logger) : Grain, IIdentityGrain
{
    /// <summary>Clocks of those who mint tokens may differ by this much, as gateways allow them.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly IdentitySessions _sessions = new();
    private Task _writing = Task.CompletedTask;

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
            // It means nothing any more, whether it is stored or not; the next activation tries again.
            LogNotStored(exception, this.GetPrimaryKeyString());
        }
    }

    public Task<VoiceError> Enter(ChannelId channel, SessionId session, DateTimeOffset issuedAt)
    {
        if (state.State.Forbids(issuedAt))
            return Task.FromResult(VoiceError.Revoked);

        _sessions.Add(channel, session);
        StayOrGo();
        return Task.FromResult(VoiceError.None);
    }

    public Task Left(ChannelId channel, SessionId session)
    {
        _sessions.Remove(channel, session);
        StayOrGo();
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset?> Accept(DateTimeOffset issuedAt) => Task.FromResult<DateTimeOffset?>(state.State.Forbids(issuedAt) ? null : Now);

    public async Task<VoiceError> Revoke(TimeSpan tokenLifetime, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Counts at once, for those who ask while it is being stored: a refusal too many is no harm.
        var (before, forget) = (state.State.RevokedUpTo, state.State.ForgetAt);
        state.State.RevokedUpTo = Now;
        state.State.ForgetAt = Now + tokenLifetime + ClockSkew;
        if (!await TryStoreAsync())
        {
            (state.State.RevokedUpTo, state.State.ForgetAt) = (before, forget);
            return VoiceError.Unavailable;
        }

        // A channel that does not answer hears it when it says next that the session is still there.
        var ended = _sessions.Take();
        await Task.WhenAll(ended.Select(entry => EndAsync(entry.Channel, entry.Session)));
        LogRevoked(this.GetPrimaryKeyString(), ended.Length);
        StayOrGo();
        return VoiceError.None;
    }

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The sessions are nowhere else: as long as there are any, idleness is no reason to go.</summary>
    private void StayOrGo() => DelayDeactivation(_sessions.IsEmpty ? TimeSpan.Zero : Timeout.InfiniteTimeSpan);

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

    /// <summary>One write at a time, as grain storage demands.</summary>
    private async Task<bool> TryStoreAsync()
    {
        while (!_writing.IsCompleted)
            await _writing.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await (_writing = state.WriteStateAsync());
            return true;
        }
        catch (Exception exception)
        {
            LogNotStored(exception, this.GetPrimaryKeyString());
            // Another activation has written: this one is a ghost, and must not go on deciding.
            if (exception is InconsistentStateException)
                DeactivateOnIdle();
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The tokens of {Identity} are revoked; {Sessions} sessions end")]
    private partial void LogRevoked(string identity, int sessions);

    [LoggerMessage(2, LogLevel.Warning, "What is known of {Identity} could not be stored")]
    private partial void LogNotStored(Exception exception, string identity);

    [LoggerMessage(3, LogLevel.Warning, "Session {Session} in {Channel} could not be ended")]
    private partial void LogNotEnded(Exception exception, SessionId session, ChannelId channel);
}
