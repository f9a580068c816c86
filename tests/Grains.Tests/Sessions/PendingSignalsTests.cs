using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Sessions;

namespace Hype.Grains.Tests.Sessions;

public sealed class PendingSignalsTests
{
    private static readonly ParticipantOptions Options = new();

    [Test]
    public void Flood_of_one_sender_fills_only_its_share_in_characters()
    {
        var signals = new PendingSignals(Options);
        while (signals.TryAdd(Signal(1, 30_000)))
        {
        }

        Assert.That(signals.Characters, Is.InRange(100_000, Options.MaxPendingCharacters / 4));
        Assert.That(signals.TryAdd(Signal(2, 30_000)), Is.True, "another sender's signal waits");
    }

    [Test]
    public void Flood_of_one_sender_fills_only_its_share_in_number()
    {
        var signals = new PendingSignals(Options);
        while (signals.TryAdd(Signal(1, 10)))
        {
        }

        Assert.That(signals.Count, Is.EqualTo(Options.MaxPendingSignals / 4));
        Assert.That(signals.TryAdd(Signal(2, 10)), Is.True, "another sender's signal waits");
    }

    [Test]
    public void Floods_of_many_senders_stay_within_the_limit_of_all()
    {
        var signals = new PendingSignals(Options);
        for (var sender = 1u; sender <= 100; sender++)
        {
            while (signals.TryAdd(Signal(sender, 30_000)))
            {
            }
        }

        Assert.That(signals.Characters, Is.LessThanOrEqualTo(Options.MaxPendingCharacters));
    }

    [Test]
    public void Delivered_signals_make_room_for_others()
    {
        var signals = new PendingSignals(Options);
        for (var round = 0; round < 1_000; round++)
        {
            Assert.That(signals.TryAdd(Signal(1, 30_000)), Is.True);
            Assert.That(signals.ToArray(), Has.Length.EqualTo(1));
            signals.RemoveFirst(1);
        }

        Assert.That((signals.Count, signals.Characters), Is.EqualTo((0, 0)));
    }

    private static PeerSignal Signal(uint from, int characters) =>
        new(new MemberNumber(from), new LayoutEpoch(1), new string('x', characters));
}
