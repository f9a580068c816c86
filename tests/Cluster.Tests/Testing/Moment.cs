using Hype.MediaClient;

namespace Hype.Cluster.Tests.Testing;

/// <summary>One instant on two clocks: the media clock in microseconds, and the wall clock of the logs.</summary>
/// <param name="Media">The time of the media clock, <see cref="PeerDriver.Now"/>, in µs.</param>
/// <param name="Wall">The wall-clock time.</param>
internal readonly record struct Moment(long Media, DateTimeOffset Wall)
{
    public static Moment Now => new(PeerDriver.Now, DateTimeOffset.UtcNow);

    /// <summary>Returns the time in milliseconds from this instant to an instant of the media clock (µs).</summary>
    public double MillisecondsTo(long media) => (media - Media) / 1000.0;

    /// <summary>
    /// Returns the time in milliseconds from this instant to an instant of the wall clock, such as the time of a log line.
    /// </summary>
    public double MillisecondsTo(DateTimeOffset wall) => (wall - Wall).TotalMilliseconds;
}
