using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels.Members;

public sealed class JoinQueueTests
{
    [Test]
    public async Task Revocation_checks_of_joins_with_the_same_identity_run_in_sequence()
    {
        var arrivals = new JoinQueue();
        var (first, second) = (new TaskCompletionSource<VoiceError>(), new TaskCompletionSource<VoiceError>());
        var secondIsAsked = false;
        var earlier = arrivals.CheckAsync("ada", SessionId.New(), () => first.Task);
        var later = arrivals.CheckAsync("ada", SessionId.New(), () =>
        {
            secondIsAsked = true;
            return second.Task;
        });
        Assert.That(secondIsAsked, Is.False);
        Assert.That(
            await arrivals.CheckAsync("bob", SessionId.New(), () => Task.FromResult(VoiceError.None)),
            Is.EqualTo(VoiceError.None),
            "others do not wait");

        first.SetException(new TimeoutException("Its silo is gone."));
        Assert.ThrowsAsync<TimeoutException>(() => earlier);
        second.SetResult(VoiceError.None);
        Assert.That(await later, Is.EqualTo(VoiceError.None));
        Assert.That(secondIsAsked, Is.True);
    }

    [Test]
    public async Task Second_attempt_of_a_join_succeeds_after_the_first_attempt_has_ended()
    {
        var arrivals = new JoinQueue();
        var (session, first) = (SessionId.New(), new TaskCompletionSource<VoiceError>());
        var earlier = arrivals.CheckAsync("ada", session, () => first.Task);
        var later = arrivals.CheckAsync("ada", session, () => Task.FromResult(VoiceError.None));
        first.SetResult(VoiceError.None);
        Assert.That((await earlier, await later), Is.EqualTo((VoiceError.None, VoiceError.None)));
    }

    [TestCase(VoiceError.Revoked)]
    [TestCase(VoiceError.SessionExpired, Description = "the caller gave up the join")]
    public async Task Join_cancelled_during_the_revocation_check_is_refused_with_the_reason(VoiceError reason)
    {
        var arrivals = new JoinQueue();
        var answer = new TaskCompletionSource<VoiceError>();
        var session = SessionId.New();
        var arriving = arrivals.CheckAsync("ada", session, () => answer.Task);
        arrivals.Cancel(session, reason);
        answer.SetResult(VoiceError.None);
        Assert.That(await arriving, Is.EqualTo(reason));
        Assert.That(
            await arrivals.CheckAsync("ada", SessionId.New(), () => Task.FromResult(VoiceError.None)),
            Is.EqualTo(VoiceError.None),
            "only this one");
    }
}
