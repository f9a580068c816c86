using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Limits;

/// <summary>
/// Rate limits for one client; bound from <c>Hype:Limits</c>. An address is an IPv4 address or the /64 of an IPv6 one; behind a proxy it
/// is the client's only when the proxy is configured (<c>Hype:Gateway:TrustedProxies</c>). With the defaults a full office behind one
/// address can reconnect at once. appsettings.Development.json has higher limits, because all clients share one address there.
/// </summary>
public sealed record LimitOptions
{
    public const string Section = "Hype:Limits";

    /// <summary>The rate at which one address may open signaling sockets. Default 300 at once and 30 each second.</summary>
    public RateOptions SocketsPerAddress { get; init; } = new() { Burst = 300, PerSecond = 30 };

    /// <summary>The number of signaling sockets that one address may have open. Default 2,000, range 1–1,000,000.</summary>
    public int OpenSocketsPerAddress { get; init; } = 2_000;

    /// <summary>The rate of <c>join</c> and <c>resume</c> from one address. Default 300 at once and 30 each second.</summary>
    public RateOptions JoinsPerAddress { get; init; } = new() { Burst = 300, PerSecond = 30 };

    /// <summary>
    /// The rate of <c>join</c> of one identity, from all addresses and for all channels. Default 30 at once and 1 each second.
    /// </summary>
    public RateOptions JoinsPerIdentity { get; init; } = new() { Burst = 30, PerSecond = 1 };

    /// <summary>
    /// The rate of messages on one socket; a mesh of eight with many candidates needs hundreds. Default 500 at once and 50 each second.
    /// </summary>
    public RateOptions MessagesPerSession { get; init; } = new() { Burst = 500, PerSecond = 50 };

    /// <summary>
    /// The rate of <c>ready</c>, <c>answer</c>, <c>failed</c>, <c>quality</c> and <c>simulate</c> on one socket. Each of them costs a
    /// call to the channel and perhaps an order to a media node. A client needs a few at each change of layout. Default 60 at once and 5
    /// each second.
    /// </summary>
    public RateOptions CallsPerSession { get; init; } = new() { Burst = 60, PerSecond = 5 };

    /// <summary>
    /// The bytes of descriptions and candidates that one socket may send to the members of its mesh, so that it cannot fill their queues
    /// or their networks. A member that joins a mesh of eight sends some 50,000. Default 1,000,000 at once and 32,768 each second.
    /// </summary>
    public RateOptions SignalBytesPerSession { get; init; } = new() { Burst = 1_000_000, PerSecond = 32_768 };

    /// <summary>
    /// The rate of HTTP requests from one address, other than for files; health checks count separately. Default 200 at once and 50 each
    /// second.
    /// </summary>
    public RateOptions RequestsPerAddress { get; init; } = new() { Burst = 200, PerSecond = 50 };

    /// <summary>
    /// The number of event streams that one identity may have open at this gateway; without a token, one address. They are the events of
    /// channels (REST and gRPC), and the streams of gRPC's health and reflection services. Default 200, range 1–1,000,000.
    /// </summary>
    public int WatchesPerIdentity { get; init; } = 200;

    /// <summary>The largest size of a request's body in bytes. Default 65,536, range 1,024–16,777,216.</summary>
    public int MaxBodyBytes { get; init; } = 65_536;
}

/// <summary>A bucket of <see cref="Burst"/> tokens, to which <see cref="PerSecond"/> are added each second.</summary>
public sealed record RateOptions
{
    /// <summary>The size of the bucket. Range 1–1,000,000.</summary>
    public int Burst { get; init; }

    /// <summary>The tokens per second. Range 1–1,000,000.</summary>
    public int PerSecond { get; init; }
}

internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    private const int Most = 1_000_000;

    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var checks = new OptionChecks(LimitOptions.Section);
        Check(nameof(options.SocketsPerAddress), options.SocketsPerAddress);
        Check(nameof(options.JoinsPerAddress), options.JoinsPerAddress);
        Check(nameof(options.JoinsPerIdentity), options.JoinsPerIdentity);
        Check(nameof(options.MessagesPerSession), options.MessagesPerSession);
        Check(nameof(options.CallsPerSession), options.CallsPerSession);
        Check(nameof(options.SignalBytesPerSession), options.SignalBytesPerSession);
        Check(nameof(options.RequestsPerAddress), options.RequestsPerAddress);
        checks.Range(nameof(options.OpenSocketsPerAddress), options.OpenSocketsPerAddress, 1, Most);
        checks.Range(nameof(options.WatchesPerIdentity), options.WatchesPerIdentity, 1, Most);
        checks.Range(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1_024, 16_777_216);
        return checks.Result();

        void Check(string key, RateOptions rate)
        {
            checks.Range($"{key}:{nameof(rate.Burst)}", rate.Burst, 1, Most);
            checks.Range($"{key}:{nameof(rate.PerSecond)}", rate.PerSecond, 1, Most);
        }
    }
}
