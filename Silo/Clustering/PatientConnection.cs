namespace Hype.Silo.Clustering;

/// <summary>A client that starts before the silos waits for them, however long.</summary>
internal sealed partial class PatientConnection(TimeProvider time, ILogger<PatientConnection> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _said;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (!_said)
            LogWaiting(exception.Message);
        _said = true;
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "No silo answers yet; trying again until one does ({Reason})")]
    private partial void LogWaiting(string reason);
}
