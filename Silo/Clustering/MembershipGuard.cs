using Orleans.Clustering.Redis;

namespace Hype.Silo.Clustering;

/// <summary>
/// Reads this silo's row of the membership table once a second, and at once when the <see cref="MembershipGate"/> closes. A silo that
/// was declared dead, or whose row is missing because Redis was emptied, ends its process: it would run a second cluster beside that of
/// the other silos. Its supervisor starts it again, and it joins as a new member.
/// </summary>
internal sealed partial class MembershipGuard(
    MembershipGate gate,
    Func<CancellationToken, Task<RowStatus>> read,
    Action<string> end,
    TimeProvider time,
    ILogger<MembershipGuard> logger)
    : IHostedService, IAsyncDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a failed reading while the gate is closed.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The interval of the warnings about failed readings while the gate is closed.</summary>
    internal static readonly TimeSpan WarningInterval = TimeSpan.FromSeconds(10);

    /// <summary>One missing row might be a reading during the fail-over of Redis; a second one is not.</summary>
    private const int MissingReadings = 2;

    private readonly CancellationTokenSource _disposed = new();
    private Task _running = Task.CompletedTask;

    /// <summary>The timestamp of the last warning since the gate closed; null: none yet.</summary>
    private long? _warnedAt;

    /// <summary>Reads the row of a silo in the table.</summary>
    /// <param name="stopping">The process was asked to stop: the silo then declares itself dead.</param>
    public static async Task<RowStatus> ReadAsync(
        IMembershipTable table,
        ILocalSiloDetails self,
        ISiloStatusOracle silos,
        CancellationToken stopping,
        CancellationToken cancellationToken)
    {
        if (silos.CurrentStatus < SiloStatus.Active)
            return RowStatus.Unknown; // It has no row yet.
        try
        {
            var row = (await table.ReadRowAsync(self.SiloAddress, cancellationToken)).TryGet(self.SiloAddress)?.Item1;
            return row is not null && row.Status != SiloStatus.Dead ? RowStatus.Member
                : stopping.IsCancellationRequested ? RowStatus.Unknown
                : row is null ? RowStatus.Missing
                : RowStatus.Dead;
        }
        catch (RedisClusteringException)
        {
            // The provider reports an empty table with this exception.
            return stopping.IsCancellationRequested ? RowStatus.Unknown : RowStatus.Missing;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = RunAsync(_disposed.Token);
        return Task.CompletedTask;
    }

    // It goes on until the process ends: the grains of a stopping silo answer until then.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _running;
        _disposed.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var missing = 0;
        try
        {
            while (true)
            {
                var askedAt = time.GetTimestamp();
                var status = await TryReadAsync(stopping);
                missing = status == RowStatus.Missing ? missing + 1 : 0;
                if (status == RowStatus.Dead || missing >= MissingReadings)
                {
                    End(status == RowStatus.Dead
                        ? "The other silos have declared it dead."
                        : "The membership table does not contain it: Redis was emptied or lost its data.");
                    return;
                }

                if (status == RowStatus.Member)
                    gate.Confirm(askedAt);

                if (gate.IsOpen())
                {
                    _warnedAt = null;
                    await Task.WhenAny(Task.Delay(Interval, time, stopping), gate.Closed);
                }
                else
                {
                    await Task.Delay(RetryPause, time, stopping);
                }

                stopping.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task<RowStatus> TryReadAsync(CancellationToken stopping)
    {
        try
        {
            return await read(stopping).WaitAsync(Interval, time, stopping);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            // Redis is unavailable. It matters only while the gate is closed.
            if (!gate.IsOpen() && (_warnedAt is not { } warnedAt || time.GetElapsedTime(warnedAt) >= WarningInterval))
            {
                _warnedAt = time.GetTimestamp();
                LogUnreadable(exception);
            }

            return RowStatus.Unknown;
        }
    }

    private void End(string reason)
    {
        gate.Lose();
        LogEnding(reason);
        end(reason);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This silo was paused and cannot read the membership table; it answers no call until it knows whether it is a member")]
    private partial void LogUnreadable(Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "This silo ends: {Reason} It joins again when it is started again")]
    private partial void LogEnding(string reason);
}
