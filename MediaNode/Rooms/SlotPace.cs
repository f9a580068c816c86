namespace Hype.MediaNode.Rooms;

/// <summary>
/// The speed at which the sequence numbers of a slot may advance. Only time gives a slot further numbers, whatever numbers its speakers
/// send and however many speakers take turns in it. Otherwise a few packets with large jumps would use up the SRTP indices that the
/// tickets of portable endpoints permit (<see cref="Tickets.IndexLimit"/>), and every later speaker in the slot would be mute.
/// </summary>
internal static class SlotPace
{
    /// <summary>
    /// The sequence numbers that a slot may advance per second. Opus sends at most 400 packets a second (frames of 2.5 ms, RFC 6716
    /// §2.1.4); the rest is for clocks that run fast.
    /// </summary>
    public const int PerSecond = 420;

    /// <summary>
    /// The sequence numbers that a slot may advance per second in a room with an endpoint whose index limit is short
    /// (<see cref="Tickets.IndexLimit.IsShort"/>): frames of 10 ms, and a margin. With <see cref="Burst"/> they use up the smallest
    /// allowance of a first ticket after a revival (6,144) in 46 s. By then a newer ticket is the limit, also of a client that checks
    /// every 6 s.
    /// </summary>
    public const int SlowPerSecond = 120;

    /// <summary>
    /// The sequence numbers that a slot may advance at once after a pause: the packets that a network stall of a second delivers together,
    /// or the lost packets of ten seconds with 20 ms frames.
    /// </summary>
    public const int Burst = 512;

    /// <param name="perSecond">The numbers per second of each slot; only a benchmark sets more than <see cref="PerSecond"/>.</param>
    public static TokenBucket[] ForSlots(int slots, int perSecond)
    {
        var paces = new TokenBucket[slots];
        Array.Fill(paces, new TokenBucket(perSecond, Math.Max(Burst, perSecond)));
        return paces;
    }
}
