using Hype.MediaNode.Rooms;

namespace Hype.Benchmarks.Forward;

/// <summary>The synthetic peers of one room: its speakers run on the speakers' thread, its listeners on the listeners' thread.</summary>
internal sealed record RigRoom(RoomKey Key, Mouth[] Mouths, Ear[] Ears)
{
    // Maximum packets in flight: enough to keep the worker busy, too few to overflow a socket.
    private const int Window = 64;

    public long Heard => Ears.Sum(ear => ear.Heard);

    public long Wrong => Ears.Sum(ear => ear.Wrong);

    public long OutOfOrder => Ears.Sum(ear => ear.OutOfOrder);

    /// <summary>Speaks at full load: sends the next frame as soon as an earlier one was received.</summary>
    public static void Flood(RigRoom room, long now)
    {
        var heard = room.Ears[^1].Heard;
        foreach (var mouth in room.Mouths)
        {
            while (mouth.Said * room.Mouths.Length - heard < Window)
                mouth.Say(now);
        }
    }

    /// <summary>Speaks at the real rate: 50 frames a second per speaker, each speaker with its own phase within the 20 ms.</summary>
    public static void Talk(RigRoom room, long now)
    {
        const long frame = 20_000;
        foreach (var mouth in room.Mouths)
        {
            if (mouth.DueAt == 0)
                mouth.DueAt = now + Random.Shared.NextInt64(frame);
            for (; mouth.DueAt <= now; mouth.DueAt += frame)
                mouth.Say(MediaClient.PeerDriver.Now);
        }
    }
}
