using Hype.MediaClient;

namespace Hype.Cluster.Tests.Testing;

/// <summary>One instant on both clocks: that of the media, and that of the logs.</summary>
/// <param name="Media">µs, <see cref="PeerDriver.Now"/>.</param>
internal readonly record struct Moment(long Media, DateTimeOffset Wall)
{
    public static Moment Now => new(PeerDriver.Now, DateTimeOffset.UtcNow);

    /// <summary>The time from this moment to a time of the media's clock, in ms.</summary>
    public double MillisecondsTo(long media) => (media - Media) / 1000.0;

    /// <summary>The time from this moment to a line of a log, in ms.</summary>
    public double MillisecondsTo(DateTimeOffset wall) => (wall - Wall).TotalMilliseconds;
}
