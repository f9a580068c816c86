using Hype.Grains.Abstractions.Errors;

namespace Hype.Grains.Channels.Members;

/// <summary>
/// Queues the joins that wait for the revocation check of their identity. The joins of one identity are checked one after the other, so
/// that they are admitted in the order in which they arrived: a join that is retried because its silo did not answer must not be replaced
/// by its own first attempt.
/// </summary>
internal sealed class JoinQueue
{
    private readonly HashSet<SessionId> _joining = [];
    private readonly Dictionary<string, Task> _last = [];

    /// <returns>The result of the check; <see cref="VoiceError.Revoked"/> also if a revocation arrived during the check.</returns>
    public async Task<VoiceError> CheckAsync(string identity, SessionId session, Func<Task<VoiceError>> check)
    {
        var checking = AfterAsync(_last.GetValueOrDefault(identity) ?? Task.CompletedTask, session, check);
        _last[identity] = checking;
        try
        {
            return await checking;
        }
        finally
        {
            if (_last.GetValueOrDefault(identity) == checking)
                _last.Remove(identity);
        }
    }

    /// <summary>Cancels the join of a session that was revoked.</summary>
    public void Cancel(SessionId session) => _joining.Remove(session);

    private async Task<VoiceError> AfterAsync(Task before, SessionId session, Func<Task<VoiceError>> check)
    {
        _joining.Add(session);
        // A failure of the previous check concerns only its own caller.
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            var result = await check();
            return _joining.Contains(session) ? result : VoiceError.Revoked;
        }
        finally
        {
            _joining.Remove(session);
        }
    }
}
