using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

/// <summary>
/// Starts asynchronous work of a channel that continues after the request that caused it. The work runs on the grain's scheduler, and its
/// result becomes a new input of the channel.
/// </summary>
internal sealed partial class BackgroundWork(ChannelId channel, ILogger logger)
{
    private readonly ILogger _logger = logger;

    /// <param name="work">The work. An exception ends it, and is logged.</param>
    /// <param name="description">A verb and its object, for the log: "failed to {description}".</param>
    public void Start(Func<Task> work, string description)
    {
        _ = RunAsync();

        async Task RunAsync()
        {
            try
            {
                await work();
            }
            catch (Exception exception)
            {
                LogFailed(exception, channel, description);
            }
        }
    }

    /// <summary>Logs a failure that does not end the work.</summary>
    public void Failed(Exception exception, string description) => LogFailed(exception, channel, description);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Channel {Channel} failed to {Work}")]
    private partial void LogFailed(Exception exception, ChannelId channel, string work);
}
