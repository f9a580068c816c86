using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Tests.Cascade;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>
/// Tests rooms with fewer slots than speakers, in which hostile members declare a constant level that is louder than any voice: they hold
/// the slots only while no honest member speaks, here and in a linked room on another node.
/// </summary>
public sealed class SlotCompetitionTests
{
    private const int FramesPerSecond = 50;
    private const int Slots = 3;
    private const uint FirstHostile = 10;

    // Below the budget of a member, so that all packets compete. A flood is lost before the competition.
    private const int PerFrame = 4;

    // A level counts as constant after 10 s of speech.
    private const int SecondsUntilSteady = 15;

    [TestCase(14)]
    [TestCase(15)]
    public void Honest_speakers_lose_no_frame_to_louder_members_with_a_constant_level(int seed)
    {
        using var bench = new CascadeBench(rooms: 2, Slots, portable: true);
        var (near, far) = (bench.Rooms[0], bench.Rooms[1]);
        var pair = new HonestPair(near.Connect(1), near.Connect(2), far.Connect(3));
        var random = new Random(seed);
        var packets = 0;
        HostilePeer[] hostile =
        [
            HostilePeer.Join(near, FirstHostile, random, level: () => 0x80),
            HostilePeer.Join(near, FirstHostile + 1, random, level: () => (byte)(packets++ % 2 == 0 ? 0x80 : 0x85)),
            HostilePeer.Join(far, FirstHostile + 2, random, level: () => 0x82),
            HostilePeer.Join(far, FirstHostile + 3, random, level: () => (byte)(0x8A + random.Next(3))),
        ];
        Pass(SecondsUntilSteady, speaks: false);
        AssertHostileAreHeard("at first");

        for (var sentence = 0; sentence < 4; sentence++)
        {
            var run = $"seed {seed}, sentence {sentence}";
            pair.Rest();
            // During the long ones, the other node does not hear all hostile members.
            var seconds = sentence % 2 == 0 ? 5 : 14;
            for (var second = 0; second < seconds; second++)
            {
                var refused = near.Drops[DropReason.NotInSlot];
                Pass(seconds: 1, speaks: true);
                Assert.That(near.Drops[DropReason.NotInSlot] - refused, Is.Positive, $"{run}: the hostile members compete");
                if (second > 0)
                    Assert.That(HostileHeard(), Is.Empty, run);
                pair.AssertHeard(run);
            }

            Pass(seconds: 3, speaks: false);
            AssertHostileAreHeard(run);
        }

        Assert.That(near.Worker.Counters.TurnFailures + far.Worker.Counters.TurnFailures, Is.Zero);

        void Pass(int seconds, bool speaks)
        {
            for (var frame = 0; frame < seconds * FramesPerSecond; frame++)
            {
                bench.Time.Advance(TimeSpan.FromSeconds(1.0 / FramesPerSecond));
                foreach (var member in hostile)
                    member.Send(PerFrame / 2);
                if (speaks)
                    pair.Say();
                foreach (var member in hostile)
                    member.Send(PerFrame / 2);
                bench.Turn();
                if (frame % FramesPerSecond != 0)
                    continue;
                pair.Check();
                near.Acknowledge();
                far.Acknowledge();
                bench.OnLinks.Clear();
            }
        }

        void AssertHostileAreHeard(string run)
        {
            Assert.That(HostileHeard(), Is.EquivalentTo(pair.Members.Select(listener => listener.Number)), run);
            pair.AssertHeard(run);
        }

        // The listeners that heard a hostile member.
        IEnumerable<uint> HostileHeard() =>
            pair.Members.Where(listener => listener.Heard.Exists(heard => heard.Speaker >= FirstHostile))
                .Select(listener => listener.Number);
    }
}
