namespace Hype.LoadTest.Media;

/// <summary>Something that has to be done on time, on the thread of the media.</summary>
internal interface IBeat
{
    /// <param name="now">µs, <see cref="MediaClient.PeerDriver.Now"/>.</param>
    void OnBeat(long now);
}
