using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Cascade;

/// <summary>
/// One end of a link between two rooms of a channel: SRTP with a key for each direction and an SSRC for each slot. A room sends its
/// loudest members over the link, and receives the loudest speakers of the other room. Any two rooms of a channel are linked directly, and
/// a packet from a link is never sent over a link, so no packet can loop.
/// </summary>
internal sealed class CascadeLink : IDisposable
{
    /// <summary>The time without an authentic packet after which the link is reported as lost, µs: three keepalive intervals.</summary>
    public const long LostAfter = 3_000_000;

    // µs. A receiver that misses 2¹⁵ packets of one SSRC loses its rollover counter (RFC 3711 §3.3.1): after five minutes at 100 packets
    // a second. So a link that has received nothing for a while sends keepalives only; when it recovers, the other end can decrypt again.
    private const long MutedAfter = 60_000_000;

    private const SrtpProfile Profile = SrtpProfile.AeadAes128Gcm;

    private readonly SlotStream[] _slots;
    private readonly MemberNumber[] _speakers;
    private readonly Ssrc[] _receiveSsrcs;

    /// <param name="spec">Validated: key lengths, and one SSRC per slot of the room in each direction.</param>
    public CascadeLink(Room room, LinkSpec spec, AesEngine aes, long now)
    {
        Room = room;
        Name = spec.Name;
        Remote = spec.Remote;
        Sender = new SrtpSender(
            Profile, spec.SendKey.AsSpan(0, LinkSpec.MasterKeyLength), spec.SendKey.AsSpan(LinkSpec.MasterKeyLength), aes);
        Receiver = new SrtpReceiver(
            Profile, spec.ReceiveKey.AsSpan(0, LinkSpec.MasterKeyLength), spec.ReceiveKey.AsSpan(LinkSpec.MasterKeyLength),
            spec.ReceiveSsrcs.Length, aes);
        _slots = [.. spec.SendSsrcs.Select(ssrc => new SlotStream(ssrc))];
        _receiveSsrcs = spec.ReceiveSsrcs;
        _speakers = new MemberNumber[_receiveSsrcs.Length];
        Reception = new ReceptionStatistics(_receiveSsrcs[0]);
        HeardAt = now;
    }

    public Room Room { get; }

    public string Name { get; }

    /// <summary>
    /// The UDP address of the link's other end. Only outgoing packets use it: an incoming packet is identified by its SSRC and the key.
    /// </summary>
    public TransportAddress Remote { get; }

    public SrtpSender Sender { get; }

    public SrtpReceiver Receiver { get; }

    /// <summary>The SSRCs of incoming packets, one per slot.</summary>
    public ReadOnlySpan<Ssrc> ReceiveSsrcs => _receiveSsrcs;

    /// <summary>The reception statistics of the first slot that the other end sends; keepalives report them.</summary>
    public ReceptionStatistics Reception { get; }

    /// <summary>The time of the last authentic packet, or of the link's creation, µs.</summary>
    public long HeardAt { get; private set; }

    /// <summary>True if the link was reported as lost and no authentic packet has arrived since.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The time of the next keepalive, µs; set by <see cref="LinkReports"/>.</summary>
    public long NextKeepaliveAt { get; set; }

    /// <summary>The round-trip time to the link's other end, µs; null before the first measurement.</summary>
    public long? RoundTrip { get; set; }

    /// <summary>
    /// Returns the outgoing RTP stream of a slot. The slots of a link carry only this room's own members
    /// (<see cref="RoomCascade.LocalSpeakers"/>).
    /// </summary>
    public ref SlotStream Slot(int index) => ref _slots[index];

    public bool CarriesMedia(long now) => now - HeardAt < MutedAfter;

    public void OnMedia(in RtpHeader header, long now)
    {
        OnAuthentic(now);
        if (header.Ssrc == Reception.Ssrc)
            Reception.Add(header.SequenceNumber, header.Timestamp, now);
    }

    public void OnAuthentic(long now)
    {
        HeardAt = now;
        IsLost = false;
    }

    /// <summary>
    /// Returns true at the first call after <see cref="LostAfter"/> without an authentic packet, and false until the link has recovered.
    /// </summary>
    public bool DetectLoss(long now)
    {
        if (IsLost || now - HeardAt < LostAfter)
            return false;
        IsLost = true;
        return true;
    }

    /// <summary>Records the speaker in one of the other end's slots. Returns true if the slot was empty or had another speaker.</summary>
    public bool SetSpeaker(int slot, MemberNumber number)
    {
        var changes = _speakers[slot] != number;
        _speakers[slot] = number;
        return changes;
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }
}
