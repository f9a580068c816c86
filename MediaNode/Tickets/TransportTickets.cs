using System.Buffers.Binary;
using System.Text;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Tickets;

/// <summary>
/// Writes and reads the <c>sealed</c> bytes of a ticket. Numbers are big-endian. A reader accepts format 2 only, and checks every byte.
/// <code>
///  | format = 2 (1) | SRTP profile (2) | version (8) | wall clock, µs since 1970 (8) |
///  | client's key | server's key | client's salt | server's salt |           RFC 5764 §4.2, lengths by the profile
///  | credentials n = 1…2 (1) | n × ( length (2) ufrag | length (2) pwd ) |     the second one during an ICE restart
///  | client: credentials n = 0…1 (1) | n × ( length (2) ufrag | length (2) pwd ) |
///  | client's validated IPv6 or IPv4-mapped address (16), 0: none |
///  | hash (1): 1 SHA-256, 2 SHA-384, 3 SHA-512 | peer's fingerprint | node's fingerprint, SHA-256 (32) |
///  | first free SRTCP index (4) |
///  | slots n = 1…32 (1)   | n × ( SSRC (4) bound (8) sent (8) RTP timestamp (4) ) |
///  | sources n = 0…4 (1)  | n × ( SSRC (4) highest SRTP index (8) ) |
///  | sources n = 0…4 (1)  | n × ( SSRC (4) highest SRTCP index (8) ) |
/// </code>
/// A holder of these bytes can listen and speak as this transport. So they exist only in memory and on the control plane's connections.
/// They are pinned here; the copies that gRPC makes in transit cannot be overwritten.
/// </summary>
internal static class TransportTickets
{
    /// <summary>The maximum length of a ticket, in bytes.</summary>
    public const int MaxLength = 4096;

    private const byte Format = 2;
    private const int Sha256Length = 32;
    private const int MaxSlots = 32;
    private const int MaxSources = 4;
    private const int ShortestUfrag = 4;
    private const int ShortestPwd = 22;

    // The end of the year 9999, the maximum of the wall clock.
    private const long LatestTime = 253_402_300_800_000_000;

    public static byte[] Seal(TransportTicket ticket)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        var writer = new Writer(buffer);
        writer.Byte(Format);
        writer.UInt16((ushort)ticket.Keys.Profile);
        writer.UInt64(ticket.Version);
        writer.UInt64((ulong)ticket.At);
        writer.Bytes(ticket.Keys.Material);
        writer.Byte(ticket.NextIce is null ? (byte)1 : (byte)2);
        writer.Credential(ticket.Ice);
        if (ticket.NextIce is { } next)
            writer.Credential(next);
        writer.Byte(ticket.ClientIce is null ? (byte)0 : (byte)1);
        if (ticket.ClientIce is { } client)
            writer.Credential(client);
        writer.UInt64(ticket.ClientHost?.High ?? 0);
        writer.UInt64(ticket.ClientHost?.Low ?? 0);
        writer.Byte((byte)ticket.PeerFingerprint.Hash);
        writer.Bytes(ticket.PeerFingerprint.Value);
        writer.Bytes(ticket.NodeFingerprint);
        writer.UInt32((uint)ticket.RtcpBound.Value);
        writer.Byte((byte)ticket.Slots.Length);
        foreach (var slot in ticket.Slots)
        {
            writer.UInt32(slot.Ssrc.Value);
            writer.UInt64((ulong)slot.Bound.Value);
            writer.UInt64((ulong)slot.Sent.Value);
            writer.UInt32(slot.Timestamp);
        }

        writer.Sources(ticket.Received);
        writer.Sources(ticket.ReceivedRtcp);

        var bytes = GC.AllocateUninitializedArray<byte>(writer.Length, pinned: true);
        buffer[..writer.Length].CopyTo(bytes);
        buffer.Clear();
        return bytes;
    }

    /// <summary>Reads a sealed ticket. If the bytes are not a valid ticket, returns null and the reason as a sentence.</summary>
    public static TransportTicket? TryUnseal(ReadOnlySpan<byte> bytes, out string refusal)
    {
        if (bytes.Length > MaxLength)
            return Refuse("it is too long", out refusal);
        var reader = new Reader(bytes);
        if (reader.Byte() != Format)
            return Refuse("it has another format", out refusal);
        var profile = (SrtpProfile)reader.UInt16();
        if (!Enum.IsDefined(profile))
            return Refuse("it has an unknown SRTP profile", out refusal);
        var version = reader.UInt64();
        var at = (long)reader.UInt64();
        var keys = new TransportKeys(profile);
        var ticket = TryRead(ref reader, keys, version, at);
        if (ticket is null || !reader.IsAtEnd)
        {
            keys.Dispose();
            return Refuse(reader.IsCutOff ? "it is cut off" : "a field is out of its range", out refusal);
        }

        refusal = "";
        return ticket;
    }

    private static TransportTicket? TryRead(ref Reader reader, TransportKeys keys, ulong version, long at)
    {
        reader.Bytes(keys.Material.Length).CopyTo(keys.Material);
        var credentials = reader.Byte();
        var ice = reader.Credential();
        var next = credentials == 2 ? reader.Credential() : null;
        var clients = reader.Byte();
        var client = clients == 1 ? reader.Credential() : null;
        var host = new TransportAddress(reader.UInt64(), reader.UInt64(), Port: 0);
        var fingerprint = reader.Fingerprint();
        var nodeFingerprint = reader.Bytes(Sha256Length).ToArray();
        var rtcpBound = new SrtpIndex(reader.UInt32());
        var slots = reader.Slots();
        var received = reader.Sources(SrtpIndex.Max);
        var receivedRtcp = reader.Sources(SrtpIndex.MaxRtcp);
        var holds = credentials is 1 or 2 && ice is not null && (credentials == 1 || next is not null)
            && (next is null || !ice.Has(next.Ufrag)) && (clients == 0 || (clients == 1 && client is not null))
            && fingerprint is not null && slots is not null && received is not null && receivedRtcp is not null
            && version is > 0 and <= long.MaxValue && at is >= 0 and <= LatestTime && rtcpBound <= SrtpIndex.MaxRtcp && !reader.IsCutOff;
        return !holds ? null : new TransportTicket(keys)
        {
            Version = version,
            At = at,
            Ice = ice!,
            NextIce = next,
            ClientIce = client,
            ClientHost = host == default ? null : host,
            PeerFingerprint = fingerprint!,
            NodeFingerprint = nodeFingerprint,
            RtcpBound = rtcpBound,
            Slots = slots!,
            Received = received!,
            ReceivedRtcp = receivedRtcp!,
        };
    }

    private static TransportTicket? Refuse(string why, out string refusal)
    {
        refusal = why;
        return null;
    }

    private ref struct Writer(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;

        public int Length { get; private set; }

        public void Byte(byte value) => _buffer[Length++] = value;

        public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Next(2), value);

        public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Next(4), value);

        public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Next(8), value);

        public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Next(value.Length));

        public void Credential(IceCredential credential)
        {
            UInt16((ushort)credential.Ufrag.Length);
            Bytes(credential.Ufrag);
            UInt16((ushort)credential.Pwd.Length);
            Bytes(credential.Pwd);
        }

        public void Sources(ReceivedSource[] sources)
        {
            Byte((byte)sources.Length);
            foreach (var source in sources)
            {
                UInt32(source.Ssrc.Value);
                UInt64((ulong)source.Highest.Value);
            }
        }

        private Span<byte> Next(int length)
        {
            var next = _buffer.Slice(Length, length);
            Length += length;
            return next;
        }
    }

    /// <summary>
    /// Reads the fields of a ticket in order. If a field lies beyond the end of the bytes, it is read as 0 and <see cref="IsCutOff"/> is
    /// true; a field with an invalid value is null.
    /// </summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public bool IsCutOff { get; private set; }

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public byte Byte() => Bytes(1)[0];

        public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2));

        public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));

        public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Bytes(8));

        public ReadOnlySpan<byte> Bytes(int length)
        {
            if (_rest.Length < length)
            {
                IsCutOff = true;
                _rest = default;
                return new byte[length];
            }

            var taken = _rest[..length];
            _rest = _rest[length..];
            return taken;
        }

        public IceCredential? Credential()
        {
            var ufrag = IceString(ShortestUfrag);
            var pwd = IceString(ShortestPwd);
            return ufrag is null || pwd is null ? null : new IceCredential(ufrag, pwd);
        }

        public CertificateFingerprint? Fingerprint()
        {
            var hash = (FingerprintHash)Byte();
            return Enum.IsDefined(hash) ? CertificateFingerprint.TryCreate(hash, Bytes(hash.Length()).ToArray()) : null;
        }

        public TicketSlot[]? Slots()
        {
            var count = Byte();
            if (count is 0 or > MaxSlots)
                return null;
            var slots = new TicketSlot[count];
            for (var i = 0; i < count; i++)
            {
                slots[i] = new TicketSlot(new Ssrc(UInt32()), new SrtpIndex((long)UInt64()), new SrtpIndex((long)UInt64()), UInt32());
                if (slots[i].Bound.Value < 1 || slots[i].Bound > SrtpIndex.Max || slots[i].Sent.Value < 0
                    || slots[i].Sent >= slots[i].Bound)
                    return null;
            }

            return slots.Select(slot => slot.Ssrc).Distinct().Count() == count ? slots : null;
        }

        public ReceivedSource[]? Sources(SrtpIndex highestOfAll)
        {
            var count = Byte();
            if (count > MaxSources)
                return null;
            var sources = new ReceivedSource[count];
            for (var i = 0; i < count; i++)
            {
                sources[i] = new ReceivedSource(new Ssrc(UInt32()), new SrtpIndex((long)UInt64()));
                if (sources[i].Highest.Value < 0 || sources[i].Highest > highestOfAll)
                    return null;
            }

            return sources.Select(source => source.Ssrc).Distinct().Count() == count ? sources : null;
        }

        private byte[]? IceString(int shortest)
        {
            var text = Bytes(UInt16()).ToArray();
            return IceChars.IsValid(Encoding.Latin1.GetString(text), shortest) ? text : null;
        }
    }
}
