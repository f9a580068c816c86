using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Signaling;

/// <summary>Limits and timeouts of a client's socket; bound from <c>Hype:Signaling</c>.</summary>
public sealed record SignalingOptions
{
    public const string Section = "Hype:Signaling";

    /// <summary>The largest size of a client's message in bytes. Default 65,536, range 4,096–1,048,576.</summary>
    public int MaxMessageBytes { get; init; } = 65_536;

    /// <summary>
    /// The interval at which clients send <c>ping</c>. A socket without a message for three intervals is closed. Default 10 s,
    /// range 100 ms–5 min.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The time within which a socket must send <c>join</c> or <c>resume</c>; it starts again after a refused one. Default 10 s, range 100
    /// ms–5 min.
    /// </summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of messages that may wait for a client that reads slowly. Default 1,024, range 16–65,536.</summary>
    public int SendQueue { get; init; } = 1_024;

    /// <summary>
    /// The number of bytes that may wait for a client that reads slowly, not counting the message that is being sent. Raise it for
    /// channels of many thousands whose members have attributes. Default 2,097,152, range 65,536–67,108,864.
    /// </summary>
    public int SendQueueBytes { get; init; } = 2_097_152;

    /// <summary>
    /// The time within which the network must take a message, or the next 64 KiB of a longer one; then the socket is closed. Default 10 s,
    /// range 100 ms–5 min.
    /// </summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The time that a closing socket has to send its queue and complete the close handshake. Default 2 s, range 10 ms–30 s.
    /// </summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The time that grains have to answer before the client gets <c>unavailable</c>. Below 9.5 s, a call whose silo died is repeated less
    /// often; the SDK gives up after 12 s. Default 10 s, range 100 ms–60 s.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The interval at which this gateway attaches again to each channel that it has sockets in: a lost last event leaves no gap
    /// that would reveal it. Default 30 s, range 1 s–1 h.
    /// </summary>
    public TimeSpan ResyncInterval { get; init; } = TimeSpan.FromSeconds(30);
}

internal sealed class SignalingOptionsValidator : IValidateOptions<SignalingOptions>
{
    public ValidateOptionsResult Validate(string? name, SignalingOptions options)
    {
        var checks = new OptionChecks(SignalingOptions.Section);
        checks.Range(nameof(options.MaxMessageBytes), options.MaxMessageBytes, 4_096, 1_048_576);
        checks.Range(nameof(options.PingInterval), options.PingInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        checks.Range(nameof(options.JoinTimeout), options.JoinTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        checks.Range(nameof(options.SendQueue), options.SendQueue, 16, 65_536);
        checks.Range(nameof(options.SendQueueBytes), options.SendQueueBytes, 65_536, 67_108_864);
        checks.Range(nameof(options.SendTimeout), options.SendTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        checks.Range(nameof(options.CloseTimeout), options.CloseTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(30));
        checks.Range(nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60));
        checks.Range(nameof(options.ResyncInterval), options.ResyncInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        return checks.Result();
    }
}
