using Hype.Grains.Abstractions.Channels;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Channels;

/// <summary>Work of a channel that outlives the request: it goes on between the channel's steps, on the grain's scheduler, and what it brings is another step.</summary>
internal sealed partial class BackgroundWork(ChannelId channel, ILogger logger)
{
    private readonly ILogger _logger = logger;

    /// <param name="work">Its exceptions are logged and end it.</param>
    /// <param name="what">What is done, after "could not".</param>
    public void Start(Func<Task> work, string what)
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
                LogFailed(exception, channel, what);
            }
        }
    }

    /// <summary>It was to be done, and goes on without.</summary>
    public void Failed(Exception exception, string what) => LogFailed(exception, channel, what);

    [LoggerMessage(LogLevel.Warning, "Channel {Channel} could not {Work}")]
    private partial void LogFailed(Exception exception, ChannelId channel, string work);
}
