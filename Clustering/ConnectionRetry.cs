using Microsoft.Extensions.Logging;

namespace Hype.Clustering;

/// <summary>Retries the first connection to the cluster without a limit, so that a client may start before any silo does.</summary>
internal sealed partial class ConnectionRetry(TimeProvider time, ILogger<ConnectionRetry> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _logged;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (!_logged)
            LogWaiting(exception.Message);
        _logged = true;
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No silo answers yet; retrying until one does ({Reason})")]
    private partial void LogWaiting(string reason);
}
