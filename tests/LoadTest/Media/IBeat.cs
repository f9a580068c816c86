namespace Hype.LoadTest.Media;

/// <summary>Periodic work on the media thread.</summary>
internal interface IBeat
{
    /// <param name="now">µs, <see cref="MediaClient.PeerDriver.Now"/>.</param>
    void OnBeat(long now);
}
