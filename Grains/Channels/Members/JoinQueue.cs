using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Members;

/// <summary>
/// Joins that are not in the roster yet, because their identities are being asked whether their tokens count. Those of one identity are
/// asked one after the other, so that they take their seats in the order in which they came: a join that is made again because its
/// silo did not answer must not be replaced by its own first attempt.
/// </summary>
internal sealed class JoinQueue
{
    private readonly HashSet<SessionId> _arriving = [];
    private readonly Dictionary<string, Task> _last = [];

    /// <returns>What was answered; <see cref="VoiceError.Revoked"/> also when a revocation came before the answer did.</returns>
    public async Task<VoiceError> AskAsync(string identity, SessionId session, Func<Task<VoiceError>> ask)
    {
        var asked = AfterAsync(_last.GetValueOrDefault(identity) ?? Task.CompletedTask, session, ask);
        _last[identity] = asked;
        try
        {
            return await asked;
        }
        finally
        {
            if (_last.GetValueOrDefault(identity) == asked)
                _last.Remove(identity);
        }
    }

    /// <summary>A revocation ends a session that is not in the roster yet.</summary>
    public void End(SessionId session) => _arriving.Remove(session);

    private async Task<VoiceError> AfterAsync(Task before, SessionId session, Func<Task<VoiceError>> ask)
    {
        _arriving.Add(session);
        // How the one before fared is its own affair.
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            var answer = await ask();
            return _arriving.Contains(session) ? answer : VoiceError.Revoked;
        }
        finally
        {
            _arriving.Remove(session);
        }
    }
}
