using System.Globalization;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tests.Cascade;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>
/// Tests that a member with valid credentials may send anything, and the others hear each other as before: in the same room, in another
/// room of the same worker, and in a linked room on another node. A failure names the seed that repeats it. The long form:
/// <c>HYPE_HOSTILE_PACKETS=100000000 HYPE_HOSTILE_SEED=7 dotnet test --filter HostileMember</c>.
/// </summary>
public sealed class HostileMemberTests
{
    private const int FramesPerSecond = 50;
    private const int Slots = 6;
    private const uint Hostile = 10;

    // Seconds.
    private const int RejoinEvery = 3;

    private static readonly RoomKey OtherRoom = new("other", new RoomEpoch(1));

    private static int Packets { get; } = FromEnvironment("HYPE_HOSTILE_PACKETS", 1_000_000);

    private static int Seed { get; } = FromEnvironment("HYPE_HOSTILE_SEED", 14);

    [Test]
    public void Honest_members_lose_no_frame_beside_a_member_that_sends_anything()
    {
        using var bench = new CascadeBench(rooms: 2, Slots, portable: true);
        var (near, far) = (bench.Rooms[0], bench.Rooms[1]);
        near.Open(OtherRoom);
        var random = new Random(Seed);
        HonestPair[] pairs =
        [
            new(near.Connect(1), near.Connect(2), far.Connect(3), far.Connect(4)),
            new(near.Connect(5, room: OtherRoom), near.Connect(6, room: OtherRoom)),
        ];
        var forged = new ForgedSources(
            near, checksFrom: WorkerBench.AddressOf(77), anythingFrom: WorkerBench.AddressOf(78),
            pairs[0].Members[0], pairs[1].Members[0]);
        var hostile = HostilePeer.Join(near, Hostile, random, forged);
        var sent = 0;
        var rejoins = 0;

        for (var second = 0; sent < Packets; second++)
        {
            var perFrame = random.Next(5) switch { 0 => 1, 1 => 8, _ => 600 };
            var run = $"seed {Seed}, second {second}, {perFrame} packets per frame";
            for (var frame = 0; frame < FramesPerSecond; frame++)
            {
                bench.Time.Advance(TimeSpan.FromSeconds(1.0 / FramesPerSecond));
                hostile.Send(perFrame / 2);
                foreach (var pair in pairs)
                    pair.Say();
                hostile.Send(perFrame - (perFrame / 2));
                if (perFrame == 1)
                    hostile.Jump();
                bench.Turn();
                sent += perFrame;
            }

            foreach (var pair in pairs)
            {
                pair.AssertHeard(run);
                pair.Check();
            }

            near.Acknowledge();
            far.Acknowledge();
            far.Events.Clear();
            bench.OnLinks.Clear();
            // The node drops most of a flood before decryption, so that it loses the member's rollover counter: the member must come back.
            var closed = near.ClosedSince(Hostile);
            if (!closed && second % RejoinEvery != 0)
                continue;
            if (!closed)
                near.Worker.RemoveEndpoint(WorkerBench.Room, Hostile);
            hostile = HostilePeer.Join(near, Hostile, random, forged);
            rejoins++;
        }

        AssertEffects(near, sent, rejoins);
        Assert.That(far.Drops[DropReason.BeyondTicket], Is.Zero);
        forged.AssertAmplification();
    }

    // The suite would prove nothing if the packets did not reach the code that they attack.
    private static void AssertEffects(WorkerBench near, int sent, int rejoins)
    {
        var drops = near.Drops;
        TestContext.Out.WriteLine($"{sent:N0} packets, {rejoins} rejoins, {near.Worker.Counters.Forwarded:N0} forwarded");
        foreach (var reason in Enum.GetValues<DropReason>().Where(reason => drops[reason] > 0))
            TestContext.Out.WriteLine($"  {reason}: {drops[reason]:N0}");
        Assert.That(near.Worker.Counters.TurnFailures + near.Worker.Counters.TimerFailures, Is.Zero);
        Assert.That(drops[DropReason.BeyondTicket], Is.Zero);
        Assert.That(
            new[]
            {
                DropReason.PublisherTooFast, DropReason.RtcpTooFast, DropReason.DtlsTooFast, DropReason.StunTooMany,
                DropReason.SrtpReplayed, DropReason.SrtpTooManySsrcs, DropReason.RtpMalformed, DropReason.RtcpMalformed,
                DropReason.UnknownPayloadType,
            }.Where(reason => drops[reason] == 0),
            Is.Empty);
    }

    private static int FromEnvironment(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
