namespace Hype.LoadTest.Media;

/// <summary>Work that a media thread performs periodically, about once a millisecond.</summary>
internal interface IBeat
{
    /// <param name="now">µs, <see cref="MediaClient.PeerDriver.Now"/>.</param>
    void OnBeat(long now);
}
