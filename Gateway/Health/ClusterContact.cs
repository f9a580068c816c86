using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Health;

/// <summary>
/// Pings the silos once a second and remembers when one of them last answered. Health checks read this time: they call no grain, so their
/// number costs the cluster nothing, and the loss of one silo does not make all gateways unready.
/// </summary>
internal sealed partial class ClusterContact(
    GrainAccess grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ClusterContact> logger) : IHostedService
{
    /// <summary>The age up to which the contact counts as fresh: three rounds of pings.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The number of pings per round. Their keys differ, so they reach different silos, and one answer is enough. If one of two silos
    /// is silent, one round in 256 has no answer.
    /// </summary>
    private const int Pings = 8;

    /// <summary>
    /// The number of keys, which are used in turn: an unanswered round is followed by other keys, and a silo holds few activations.
    /// </summary>
    private const int Keys = 64;

    private readonly Lock _sync = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _startedAt = time.GetTimestamp();
    private long _answeredAt;
    private bool _hasAnswer;
    private int _nextKey;
    private Task _running = Task.CompletedTask;

    /// <summary>True if a silo has answered lately.</summary>
    public bool IsFresh
    {
        get
        {
            lock (_sync)
                return _hasAnswer && time.GetElapsedTime(_answeredAt) <= Fresh;
        }
    }

    /// <summary>The time since the last answer of a silo, or since the start of the process if there was none.</summary>
    public TimeSpan Age
    {
        get
        {
            lock (_sync)
                return time.GetElapsedTime(_hasAnswer ? _answeredAt : _startedAt);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A silo in this process answers once all services have started.
        lifetime.ApplicationStarted.Register(() => _running = RunAsync());
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                for (var ping = 0; ping < Pings; ping++)
                    _ = PingAsync(_nextKey++ % Keys);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private async Task PingAsync(long key)
    {
        try
        {
            // The time of sending: the age of an answer includes its travel.
            var sentAt = time.GetTimestamp();
            await grains.SiloPing(key).Ping().WaitAsync(Fresh, time, _stopping.Token);
            Answered(sentAt);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The gateway stops.
        }
        catch (Exception exception)
        {
            // Expected during start-up and outages: the health check reports the state.
            if (GrainAccess.ErrorOf(exception) != VoiceError.Unavailable)
                LogFailed(exception);
        }
    }

    /// <summary>Records an answer. The answer to an earlier ping, which arrived later, changes nothing.</summary>
    private void Answered(long sentAt)
    {
        lock (_sync)
        {
            if (!_hasAnswer || sentAt > _answeredAt)
                (_answeredAt, _hasAnswer) = (sentAt, true);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A ping of the silos failed")]
    private partial void LogFailed(Exception exception);
}
