using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tests.Srtp;

namespace Hype.MediaNode.Tests.Speakers;

public sealed class SpeakerGateTests
{
    private SpeakerGate _gate = null!;

    [SetUp]
    public void Begin() => _gate = new SpeakerGate();

    [Test]
    public void Gate_passes_all_packets_before_the_first_authenticated_packet()
    {
        Assert.That(Opens(1, now: 0), Is.True);
        _gate.Authenticated(new SequenceNumber(1), 0);
        Assert.That(Opens(2, now: 20_000), Is.False);
    }

    [Test]
    public void Gate_passes_speech_and_packets_of_slot_holders()
    {
        _gate.Authenticated(new SequenceNumber(1), 0);

        Assert.That(_gate.Opens(holdsSlot: true, 127, voice: false, new SequenceNumber(2), 20_000), Is.True);
        Assert.That(_gate.Opens(holdsSlot: false, 30, voice: false, new SequenceNumber(2), 20_000), Is.True);
        Assert.That(_gate.Opens(holdsSlot: false, 55, voice: true, new SequenceNumber(2), 20_000), Is.True);
        Assert.That(_gate.Opens(holdsSlot: false, 55, voice: false, new SequenceNumber(2), 20_000), Is.False);
        Assert.That(_gate.Opens(holdsSlot: false, AudioLevel.Assumed, voice: false, new SequenceNumber(2), 20_000), Is.True);
    }

    [Test]
    public void Gate_passes_a_silent_packet_every_two_seconds_and_every_4096_sequence_numbers()
    {
        _gate.Authenticated(new SequenceNumber(65_000), 0);

        Assert.That(Opens(65_001, SpeakerGate.LongestTime - 1), Is.False);
        Assert.That(Opens(65_001, SpeakerGate.LongestTime), Is.True);
        Assert.That(Opens(unchecked((ushort)(65_000 + SpeakerGate.LongestDistance - 1)), 1), Is.False);
        Assert.That(Opens(unchecked((ushort)(65_000 + SpeakerGate.LongestDistance)), 1), Is.True);
        Assert.That(Opens(65_000 - SpeakerGate.LongestDistance, 1), Is.True);
    }

    [TestCase(20_000L)]
    [TestCase(100L)]
    public void Gate_preserves_the_rollover_counter_through_an_hour_of_silence(long packetInterval)
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        var opened = 0;
        const int packets = 200_000;
        for (var i = 1; i <= packets; i++)
        {
            var packet = pair.Protect((ushort)i)!;
            var now = i * packetInterval;
            if (!Opens((ushort)i, now))
                continue;
            Assert.That(pair.Receive(packet), Is.EqualTo(SrtpResult.Ok), $"packet {i}");
            _gate.Authenticated(new SequenceNumber((ushort)i), now);
            opened++;
        }

        Assert.That(opened, Is.LessThan(packets / 90));
        Assert.That(pair.Receiver.TryGetHighestIndex(new Ssrc(SrtpPair.Ssrc), out var index), Is.True);
        Assert.That(index.Value, Is.GreaterThan(packets - SpeakerGate.LongestDistance));
    }

    private bool Opens(ushort sequenceNumber, long now) =>
        _gate.Opens(holdsSlot: false, 127, voice: false, new SequenceNumber(sequenceNumber), now);
}
