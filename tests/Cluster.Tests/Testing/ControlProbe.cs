using System.Net;
using Hype.EndToEnd.Tests.Testing;
using Hype.LoadTest.Media;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.Cluster.Tests.Testing;

/// <summary>The kinds of calls that the probe makes to the control plane.</summary>
internal enum ControlCall
{
    Join,
    Mute,
    Leave,
}

/// <summary>One call of the probe to the control plane, and its result.</summary>
/// <param name="BeganAt">The time of the call, in µs of <see cref="PeerDriver.Now"/>.</param>
/// <param name="EndedAt">The time of the answer, in µs.</param>
/// <param name="JoinedAt">The time at which the call's member had joined, in µs; 0 for the join itself.</param>
/// <param name="Failure">The code of the VoiceError, or another failure as one word; null if the call succeeded.</param>
internal sealed record ProbedCall(ControlCall Call, long BeganAt, long EndedAt, long JoinedAt, string? Failure)
{
    public double Milliseconds => (EndedAt - BeganAt) / 1000.0;
}

/// <summary>
/// Measures, to a tenth of a second, when the control plane works again: round after round, a new member without media joins a channel, a
/// moderator mutes it, and it leaves. The probe records the result of each call.
/// </summary>
internal sealed class ControlProbe : IAsyncDisposable
{
    private static uint _lastNumber = 900_000;

    // The pause between two rounds: a probe is no load test.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // µs: the session stops waiting for the answer to its leave after 3 s.
    private const long LeaveLimit = 2_900_000;

    private readonly LocalCluster _cluster;
    private readonly string _channel;
    private readonly VoiceThread _thread = new(IPAddress.Loopback);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<ProbedCall> _calls = [];
    private readonly Task _running;
    private long _lastRound;

    private ControlProbe(LocalCluster cluster, string channel)
    {
        (_cluster, _channel) = (cluster, channel);
        _running = RunAsync();
    }

    /// <summary>The calls of all rounds so far, in the order of their answers.</summary>
    public IReadOnlyList<ProbedCall> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Starts a probe, and waits until a round has succeeded.</summary>
    public static async Task<ControlProbe> StartAsync(LocalCluster cluster, string channel)
    {
        var probe = new ControlProbe(cluster, channel);
        try
        {
            await probe.ServedSinceAsync(PeerDriver.Now, TimeSpan.FromSeconds(20));
            return probe;
        }
        catch
        {
            await probe.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until a join, a mute and a leave of one round have succeeded, all answered after <paramref name="since"/> (µs).
    /// </summary>
    /// <returns>The time of the last of these answers, in µs.</returns>
    public async Task<long> ServedSinceAsync(long since, TimeSpan limit)
    {
        await Waiting.UntilAsync(
            () => Task.FromResult(Interlocked.Read(ref _lastRound) > since && FirstRoundAfter(since) is not null),
            limit,
            () => $"no round of the control probe succeeded: {string.Join(", ", Calls.TakeLast(8))}",
            hopeless: () => _running.IsCompleted);
        return FirstRoundAfter(since)!.Value;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _thread.Dispose();
        _stop.Dispose();
    }

    /// <summary>
    /// Returns the end of the first successful round whose answers all arrived after <paramref name="since"/>, in µs; null if there is
    /// none yet.
    /// </summary>
    private long? FirstRoundAfter(long since)
    {
        var calls = Calls.Where(call => call.EndedAt > since).ToArray();
        for (var index = 0; index + 2 < calls.Length; index++)
        {
            if (calls[index] is { Call: ControlCall.Join, Failure: null } && calls[index + 1] is { Call: ControlCall.Mute, Failure: null }
                && calls[index + 2] is { Call: ControlCall.Leave, Failure: null })
                return calls[index + 2].EndedAt;
        }

        return null;
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await RoundAsync();
            Interlocked.Exchange(ref _lastRound, PeerDriver.Now);
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RoundAsync()
    {
        var number = Interlocked.Increment(ref _lastNumber);
        var spec = new ParticipantSpec(number, _channel, Speaks: false, Hears: false, _thread, new ReceptionRecorder());
        await using var target = _cluster.NewTarget(controlOnly: true);
        IVoiceParticipant? participant = null;
        await CallAsync(ControlCall.Join, joinedAt: 0, async () =>
        {
            try
            {
                participant = await target.JoinAsync(spec, new JoinPhases(PeerDriver.Now), _stop.Token);
                return null;
            }
            catch (JoinFailedException exception)
            {
                return exception.Reason;
            }
        });
        if (participant is null)
            return;
        var joinedAt = PeerDriver.Now;
        await CallAsync(ControlCall.Mute, joinedAt, async () =>
        {
            try
            {
                var member = (await _cluster.BackOffice.GetAsync(_channel)).Members.FirstOrDefault(member => member.Identity == spec.Name);
                if (member is null)
                    return "notInRoster";
                var answer = await _cluster.BackOffice.MuteAsync(_channel, member.Number, muted: true);
                return answer.IsSuccess ? null : answer.Code ?? $"{(int)answer.Status}";
            }
            catch (HttpRequestException exception)
            {
                return exception.StatusCode is { } status ? $"{(int)status}" : "noGateway";
            }
            catch (TaskCanceledException)
            {
                return "timeout";
            }
        });
        await CallAsync(ControlCall.Leave, joinedAt, async () =>
        {
            var began = PeerDriver.Now;
            await participant.DisposeAsync();
            return PeerDriver.Now - began < LeaveLimit ? null : "noGoodbye";
        });
    }

    private async Task CallAsync(ControlCall call, long joinedAt, Func<Task<string?>> ask)
    {
        var began = PeerDriver.Now;
        try
        {
            var failure = await ask();
            lock (_gate)
                _calls.Add(new ProbedCall(call, began, PeerDriver.Now, joinedAt, failure));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
