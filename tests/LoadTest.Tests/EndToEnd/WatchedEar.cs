using System.Collections.Concurrent;
using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.LoadTest.Tests.EndToEnd;

/// <summary>An observer that lets a test wait for the events of one session.</summary>
internal sealed class WatchedEar : IParticipantObserver
{
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<SessionMoment> _moments = [];
    private readonly ConcurrentDictionary<SessionMoment, TaskCompletionSource> _happened = [];
    private volatile TaskCompletionSource _admission = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The events so far, in order.</summary>
    public IReadOnlyCollection<SessionMoment> Moments => _moments;

    /// <summary>A task that completes with the reason when the session ends unexpectedly.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>
    /// Returns a task that completes when the session is next admitted or resumed. Call it before the action that causes this.
    /// </summary>
    public Task NextAdmission()
    {
        _admission = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _admission.Task;
    }

    public void OnAdmitted(uint number, int slots) => _admission.TrySetResult();

    public void OnLost(string reason, long now) => _lost.TrySetResult(reason);

    public void OnHearing(long now)
    {
    }

    public void OnSwitchBegins(long now)
    {
    }

    public void OnSwitchCommitted(long now)
    {
    }

    public void OnEvent()
    {
    }

    public void OnMoment(SessionMoment moment, long now)
    {
        _moments.Enqueue(moment);
        HappenedSource(moment).TrySetResult();
    }

    public void OnMoved(VoicePeer peer, MoveWay way, long now) => OnMoment(SessionMoment.Moved, now);

    /// <summary>Returns a task that completes after the first event of the given kind.</summary>
    public Task HappenedAsync(SessionMoment moment) => HappenedSource(moment).Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
    {
    }

    public void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
    }

    private TaskCompletionSource HappenedSource(SessionMoment moment) =>
        _happened.GetOrAdd(moment, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
