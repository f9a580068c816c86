using System.Collections.Concurrent;
using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.LoadTest.Tests.EndToEnd;

/// <summary>Reports the admission and each resumed session to a test.</summary>
internal sealed class WatchedEar : IParticipantObserver
{
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<SessionMoment> _moments = [];
    private readonly ConcurrentDictionary<SessionMoment, TaskCompletionSource> _happened = [];
    private volatile TaskCompletionSource _admission = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The events, in order.</summary>
    public IReadOnlyCollection<SessionMoment> Moments => _moments;

    /// <summary>Completes with the reason when the session ends.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Completes at the next resumed session; call it before the action that causes it.</summary>
    public Task NextAdmission()
    {
        _admission = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _admission.Task;
    }

    public void OnAdmitted(int slots) => _admission.TrySetResult();

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

    /// <summary>Completes after the first event of this kind.</summary>
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
