using Hype.Benchmarks.Parts;
using Hype.MediaClient;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Measures the worker's cost for a packet that it drops because its member has no slot. A packet of a silent member is dropped before
/// decryption. A packet of a speaking member is decrypted, and dropped because other members have the slots. The worker runs without
/// the kernel, whose cost is the same for both.
/// </summary>
internal static class DropCost
{
    private const int Members = 101;

    // Three slots, held by the members that began to speak first and continue.
    private const int Holders = 3;
    private const int Others = Members - Holders;
    private const int Frames = 40;
    private const int WarmupBatches = 30;
    private const int Batches = 30;

    public static Figure Measure()
    {
        using var lobby = new Lobby(Members, Profile.Gcm.OpenSslName, waiting: Members);
        var (dropped, decrypted) = (0.0, 0.0);
        for (var batch = 0; batch < WarmupBatches + Batches; batch++)
        {
            lobby.Check();
            var measured = batch >= WarmupBatches ? 1 : 0;
            dropped += measured * NanosecondsPerPacket(lobby, Voice.Silent);
            decrypted += measured * NanosecondsPerPacket(lobby, Voice.Loud);
        }

        return new Figure(
            "drop_before_decryption", "a packet dropped before decryption ÷ a decrypted packet", dropped / decrypted, "", 0.3,
            $"{dropped / Batches:0} ns ÷ {decrypted / Batches:0} ns, without the kernel's part; "
                + "one silent packet in a hundred is decrypted for the rollover counter");
    }

    private static double NanosecondsPerPacket(Lobby lobby, byte level)
    {
        var clock = CpuClock.OfThisThread();
        var spent = 0.0;
        for (var frame = 0; frame < Frames; frame++)
        {
            lobby.PassFrame();
            Say(lobby, 1, Holders, Voice.Loud);
            for (var i = 0; i < Holders; i++)
                lobby.Turn();
            Say(lobby, Holders + 1, Others, level);
            var (forwarded, unheard) = (lobby.Forwarded, lobby.Unheard);
            var before = clock.Microseconds;
            for (var i = 0; i < Others; i++)
                lobby.Turn();
            spent += clock.Microseconds - before;
            Guard.Holds(lobby.Forwarded == forwarded && lobby.Unheard - unheard == Others);
        }

        return spent * 1000 / (Frames * Others);
    }

    private static void Say(Lobby lobby, int first, int count, byte level)
    {
        for (var number = first; number < first + count; number++)
            lobby[number].Say(level);
    }
}
