using System.Buffers.Binary;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;

namespace Hype.MediaNode.Tests.Tickets;

public sealed class TransportTicketsTests
{
    private const int MaxSlots = 32;

    [Test]
    public void Sealed_ticket_is_unsealed_to_the_same_content([Values] bool restarting, [Values(0x0001, 0x0007, 0x0008)] int profile)
    {
        using var ticket = SampleTicket.New((SrtpProfile)profile, MaxSlots, restarting);

        using var read = TransportTickets.TryUnseal(TransportTickets.Seal(ticket), out var refusal);

        Assert.That(read, Is.Not.Null, refusal);
        Assert.Multiple(() =>
        {
            Assert.That(read!.Keys.Profile, Is.EqualTo(ticket.Keys.Profile));
            Assert.That(read.Keys.Material.ToArray(), Is.EqualTo(ticket.Keys.Material.ToArray()));
            Assert.That((read.Version, read.At, read.RtcpBound), Is.EqualTo((ticket.Version, ticket.At, ticket.RtcpBound)));
            Assert.That(read.Ice.IsSameAs(ticket.Ice), Is.True);
            Assert.That(read.NextIce?.IsSameAs(ticket.NextIce!), Is.EqualTo(restarting ? true : null));
            Assert.That(read.ClientIce!.IsSameAs(ticket.ClientIce!), Is.True);
            Assert.That(read.ClientHost, Is.EqualTo(ticket.ClientHost));
            Assert.That(read.PeerFingerprint.IsSameAs(ticket.PeerFingerprint), Is.True);
            Assert.That(read.NodeFingerprint, Is.EqualTo(ticket.NodeFingerprint));
            Assert.That(read.Slots, Is.EqualTo(ticket.Slots));
            Assert.That(read.Received, Is.EqualTo(ticket.Received));
            Assert.That(read.ReceivedRtcp, Is.EqualTo(ticket.ReceivedRtcp));
        });
    }

    [Test]
    public void Ticket_of_a_client_without_known_credentials_and_address_is_unsealed_to_the_same_content()
    {
        using var sample = SampleTicket.New();
        using var ticket = new TransportTicket(sample.Keys.Copy())
        {
            Version = sample.Version,
            Ice = sample.Ice,
            PeerFingerprint = sample.PeerFingerprint,
            NodeFingerprint = sample.NodeFingerprint,
            At = sample.At,
            RtcpBound = sample.RtcpBound,
            Slots = sample.Slots,
            Received = sample.Received,
            ReceivedRtcp = sample.ReceivedRtcp,
        };

        using var read = TransportTickets.TryUnseal(TransportTickets.Seal(ticket), out _);

        Assert.That((read!.ClientIce, read.ClientHost), Is.EqualTo(((object?)null, (object?)null)));
    }

    [Test]
    public void Ticket_with_the_longest_possible_content_is_unsealed_without_a_refusal()
    {
        var longest = new string('x', 256).Select(c => (byte)c).ToArray();
        using var sample = SampleTicket.New(SrtpProfile.AeadAes256Gcm, MaxSlots);
        using var ticket = new TransportTicket(sample.Keys.Copy())
        {
            Version = long.MaxValue,
            Ice = new IceCredential([.. longest[1..], (byte)'y'], longest),
            NextIce = new IceCredential(longest, longest),
            ClientIce = new IceCredential(longest, longest),
            PeerFingerprint = CertificateFingerprint.TryCreate(FingerprintHash.Sha512, new byte[64])!,
            NodeFingerprint = sample.NodeFingerprint,
            At = sample.At,
            RtcpBound = SrtpIndex.MaxRtcp,
            Slots = sample.Slots,
            Received = [.. Enumerable.Range(1, 4).Select(ssrc => new ReceivedSource(new Ssrc((uint)ssrc), SrtpIndex.Max))],
            ReceivedRtcp = [.. Enumerable.Range(1, 4).Select(ssrc => new ReceivedSource(new Ssrc((uint)ssrc), SrtpIndex.MaxRtcp))],
        };

        using var read = TransportTickets.TryUnseal(TransportTickets.Seal(ticket), out var refusal);

        Assert.That(read, Is.Not.Null, refusal);
    }

    [Test]
    public void Truncated_ticket_and_ticket_with_trailing_bytes_are_refused()
    {
        using var ticket = SampleTicket.New(restarting: true);
        var bytes = TransportTickets.Seal(ticket);

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(TransportTickets.TryUnseal(bytes.AsSpan(0, length), out var refusal), Is.Null, $"{length} bytes");
            Assert.That(refusal, Is.Not.Empty);
        }

        Assert.That(TransportTickets.TryUnseal([.. bytes, 0], out _), Is.Null);
        Assert.That(TransportTickets.TryUnseal(new byte[TransportTickets.MaxLength + 1], out var tooLong), Is.Null);
        Assert.That(tooLong, Is.EqualTo("it is too long"));
    }

    [Test]
    public void Refusal_of_a_ticket_names_an_unknown_format_or_SRTP_profile()
    {
        using var ticket = SampleTicket.New();
        var bytes = TransportTickets.Seal(ticket);

        bytes[0] = 1;
        Assert.That(TransportTickets.TryUnseal(bytes, out var format), Is.Null);
        bytes[0] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), 0x0002);
        Assert.That(TransportTickets.TryUnseal(bytes, out var profile), Is.Null);

        Assert.That((format, profile), Is.EqualTo(("it has another format", "it has an unknown SRTP profile")));
    }

    [Test]
    public void Ticket_with_an_index_limit_outside_the_range_of_SRTP_indices_is_refused([Values(0L, -1L, 1L << 48)] long bound)
    {
        using var sample = SampleTicket.New();
        sample.Slots[1] = sample.Slots[1] with { Bound = new SrtpIndex(bound), Sent = default };

        Assert.That(TransportTickets.TryUnseal(TransportTickets.Seal(sample), out _), Is.Null);
    }

    [Test]
    public void Ticket_with_the_same_SSRC_for_two_slots_is_refused()
    {
        using var sample = SampleTicket.New();
        sample.Slots[1] = sample.Slots[0];

        Assert.That(TransportTickets.TryUnseal(TransportTickets.Seal(sample), out _), Is.Null);
    }

    [Test]
    public void Mutated_ticket_is_refused_with_a_reason_or_unsealed_and_sealed_to_the_same_bytes_again()
    {
        using var plain = SampleTicket.New();
        using var restarting = SampleTicket.New(SrtpProfile.AesCm128HmacSha1_80, slots: 1, restarting: true);
        var mutator = new DatagramMutator(5764, TransportTickets.Seal(plain), TransportTickets.Seal(restarting));
        var (taken, refused) = (0, 0);

        for (var i = 0; i < DatagramMutator.Count; i++)
        {
            var bytes = mutator.Next();
            using var ticket = TransportTickets.TryUnseal(bytes, out var refusal);
            if (ticket is null)
                refused += refusal.Length > 0 ? 1 : 0;
            else
                taken += bytes.SequenceEqual(TransportTickets.Seal(ticket)) ? 1 : 0;
        }

        Assert.That(taken + refused, Is.EqualTo(DatagramMutator.Count));
        Assert.That(taken, Is.GreaterThan(1000), "a changed key or index is still a valid ticket");
        Assert.That(refused, Is.GreaterThan(1000));
    }

    [Test]
    public void Keys_of_a_disposed_ticket_are_overwritten()
    {
        var ticket = SampleTicket.New();
        Assert.That(ticket.Keys.Material.ToArray(), Has.Some.Not.Zero);

        ticket.Dispose();

        Assert.That(ticket.Keys.Material.ToArray(), Is.All.Zero);
    }
}
