using Hype.Grains.Abstractions.Errors;

namespace Hype.Grains.Channels.Members;

/// <summary>
/// Queues joins while the grain of their identity checks for a revocation. The joins of one identity are checked one after the other, and
/// so admitted in the order of their arrival. Otherwise the late first attempt of a retried join could replace the session of the second
/// attempt.
/// </summary>
internal sealed class JoinQueue
{
    private readonly HashSet<Attempt> _joining = [];
    private readonly Dictionary<string, Task> _last = [];

    /// <returns>The result of the check, or the reason for which the join was cancelled meanwhile.</returns>
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

    /// <summary>
    /// Cancels a join in progress with all its attempts, because the session's token was revoked, or because the caller gave up the join.
    /// </summary>
    /// <param name="session">The joining session.</param>
    /// <param name="reason">The result of the join.</param>
    public void Cancel(SessionId session, VoiceError reason)
    {
        foreach (var attempt in _joining.Where(attempt => attempt.Session == session))
            attempt.Cancelled ??= reason;
    }

    private async Task<VoiceError> AfterAsync(Task before, SessionId session, Func<Task<VoiceError>> check)
    {
        var attempt = new Attempt(session);
        _joining.Add(attempt);
        // A failure of the previous check concerns only its own caller.
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            var result = await check();
            return attempt.Cancelled ?? result;
        }
        finally
        {
            _joining.Remove(attempt);
        }
    }

    /// <summary>One attempt of a join; a caller may repeat a join while its first attempt is still in progress.</summary>
    private sealed class Attempt(SessionId session)
    {
        public SessionId Session => session;

        /// <summary>The reason for which the join was cancelled; null: it was not.</summary>
        public VoiceError? Cancelled { get; set; }
    }
}
