using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Cascade;

/// <summary>
/// One end of a link between two rooms of a channel: SRTP with a key for each direction and an SSRC for each slot. To the room it is
/// a listener that hears the loudest of its members, and a mouth through which the other room's loudest speak here. Any two rooms of
/// a channel are linked directly and pass nothing on that came over a link: so no packet can run in a circle.
/// </summary>
internal sealed class CascadeLink : IDisposable
{
    /// <summary>µs without an authentic packet after which the control plane is told; three keepalives.</summary>
    public const long LostAfter = 3_000_000;

    // µs. A receiver that misses 2¹⁵ packets of one SSRC loses its rollover counter (RFC 3711 §3.3.1), at 100 packets a second after
    // five minutes. So a link that has been deaf for a while carries keepalives only, and can be heard again whenever it heals.
    private const long MutedAfter = 60_000_000;

    private const SrtpProfile Profile = SrtpProfile.AeadAes128Gcm;

    private readonly SlotStream[] _slots;
    private readonly uint[] _speakers;
    private readonly uint[] _receiveSsrcs;

    /// <param name="spec">Checked: keys of their length, as many SSRCs each way as the room has slots.</param>
    public CascadeLink(Room room, LinkSpec spec, AesEngine aes, long now)
    {
        Room = room;
        Name = spec.Name;
        Remote = spec.Remote;
        Sender = new SrtpSender(Profile, spec.SendKey.AsSpan(0, LinkSpec.MasterKeyLength), spec.SendKey.AsSpan(LinkSpec.MasterKeyLength), aes);
        Receiver = new SrtpReceiver(
            Profile, spec.ReceiveKey.AsSpan(0, LinkSpec.MasterKeyLength), spec.ReceiveKey.AsSpan(LinkSpec.MasterKeyLength), spec.ReceiveSsrcs.Length, aes);
        _slots = [.. spec.SendSsrcs.Select(ssrc => new SlotStream(ssrc))];
        _receiveSsrcs = spec.ReceiveSsrcs;
        _speakers = new uint[_receiveSsrcs.Length];
        Reception = new ReceptionStatistics(_receiveSsrcs[0]);
        HeardAt = now;
    }

    public Room Room { get; }

    public string Name { get; }

    /// <summary>Where the other end listens. What comes in is known by SSRC and key, wherever it comes from.</summary>
    public TransportAddress Remote { get; }

    public SrtpSender Sender { get; }

    public SrtpReceiver Receiver { get; }

    /// <summary>One per slot.</summary>
    public ReadOnlySpan<uint> ReceiveSsrcs => _receiveSsrcs;

    /// <summary>How the other end's first slot arrives: the sample that its keepalive reports on.</summary>
    public ReceptionStatistics Reception { get; }

    /// <summary>When the last authentic packet came, or the link was made, µs.</summary>
    public long HeardAt { get; private set; }

    /// <summary>The control plane was told that nothing comes; anything that comes ends it.</summary>
    public bool IsLost { get; private set; }

    /// <summary>When the next keepalive is due, µs; the reports' to change.</summary>
    public long NextKeepaliveAt { get; set; }

    /// <summary>To the other end and back, µs; null: not known yet.</summary>
    public long? RoundTrip { get; set; }

    /// <summary>What goes out in a slot of this room's own members (<see cref="RoomCascade.LocalSpeakers"/>).</summary>
    public ref SlotStream Slot(int index) => ref _slots[index];

    public bool CarriesMedia(long now) => now - HeardAt < MutedAfter;

    public void OnMedia(in RtpHeader header, long now)
    {
        OnHeard(now);
        if (header.Ssrc == Reception.Ssrc)
            Reception.Add(header.SequenceNumber, header.Timestamp, now);
    }

    public void OnHeard(long now)
    {
        HeardAt = now;
        IsLost = false;
    }

    /// <summary>True once, when nothing has come for <see cref="LostAfter"/>.</summary>
    public bool LoseIfSilent(long now)
    {
        if (IsLost || now - HeardAt < LostAfter)
            return false;
        IsLost = true;
        return true;
    }

    /// <summary>Notes who speaks in one of the other end's slots. True: it was someone else before, or nobody.</summary>
    public bool ChangesSpeaker(int slot, uint number)
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
