using System.Buffers.Binary;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.MediaClient;

/// <summary>
/// The datagrams of a member that sends anything over its connected endpoint: media with arbitrary sequence numbers, timestamps, SSRCs,
/// sizes, extensions and padding, replays, RTCP compounds, DTLS records and STUN. All randomness comes from one seed.
/// </summary>
internal sealed class HostileTraffic
{
    private const int LongestPayload = 1300;

    // Injected.
    private readonly HostileKeys _keys;
    private readonly Random _random;
    private readonly byte _payloadType;
    private readonly Func<byte>? _level;

    // Owned.
    private readonly DatagramMutator _mutator;
    private readonly byte[] _packet = new byte[IDatagramSocket.MaxDatagram];
    private readonly byte[] _payload = new byte[LongestPayload];
    private readonly byte[][] _sent = new byte[64][];
    private ushort _sequence;
    private uint _timestamp;

    /// <param name="keys">The keys and checks of the member's client.</param>
    /// <param name="payloadType">The negotiated payload type of Opus.</param>
    /// <param name="level">
    /// Returns the byte of the audio level (RFC 6464 §3) of each packet; null: most packets declare the loudest level, some any or none.
    /// </param>
    public HostileTraffic(HostileKeys keys, Random random, byte payloadType = PayloadTypes.Opus, Func<byte>? level = null)
    {
        (_keys, _random, _payloadType, _level) = (keys, random, payloadType, level);
        random.NextBytes(_payload);
        _sequence = (ushort)random.Next(1 << 15);
        _mutator = new DatagramMutator(random.Next(), keys.Check(true), keys.Check(false), Media());
        Array.Fill(_sent, Media());
    }

    /// <summary>Returns the next hostile datagram.</summary>
    public byte[] Next()
    {
        var datagram = _random.Next(100) switch
        {
            < 80 => Media(),
            < 85 => Sent(),
            < 90 => Report(),
            < 94 => Records(),
            < 97 => _mutator.Next().ToArray(),
            < 98 => _keys.Check(_random.Next(2) == 0),
            < 99 => _keys.ForgedCheck(),
            _ => Noise(),
        };
        _sent[_random.Next(_sent.Length)] = datagram;
        return datagram;
    }

    /// <summary>Returns a media packet that jumps by a thousand sequence numbers.</summary>
    public byte[] Jump()
    {
        _sequence += 1000;
        return Media();
    }

    private byte[] Media()
    {
        _sequence += (ushort)(_random.Next(400) switch
        {
            0 => _random.Next(1 << 13),
            < 5 => 1000,
            < 15 => _random.Next(64),
            _ => 1,
        });
        _timestamp = _random.Next(20) == 0 ? (uint)_random.NextInt64(uint.MaxValue) : _timestamp + 960;
        var ssrc = _random.Next(500) == 0 ? (uint)_random.NextInt64(uint.MaxValue) : _keys.Ssrc;
        var payloadType = (byte)(_random.Next(50) == 0 ? _random.Next(128) : _payloadType);
        RtpHeaderWriter.Write(
            _packet, payloadType, marker: _random.Next(10) == 0, new SequenceNumber(_sequence), _timestamp, new Ssrc(ssrc));
        var length = RtpHeader.FixedLength;
        if (_random.Next(20) == 0)
        {
            var csrcs = _random.Next(16);
            _packet[0] |= (byte)csrcs;
            _random.NextBytes(_packet.AsSpan(length, 4 * csrcs));
            length += 4 * csrcs;
        }

        length += WriteExtension(length);
        if (_random.Next(10) == 0)
            _packet[0] |= 0x20;
        var size = _random.Next(4) switch { 0 => _random.Next(LongestPayload), 1 => _random.Next(3), _ => 80 };
        _payload[_random.Next(LongestPayload)] = (byte)_random.Next(256);
        return Copy(_keys.Sender.Protect(_packet, length, _payload.AsSpan(0, size)));
    }

    // Returns the extension's length. Most packets declare a level, so that the member competes for a slot.
    private int WriteExtension(int at)
    {
        var kind = _level is null ? _random.Next(20) : 1;
        if (kind == 0)
            return 0;
        _packet[0] |= 0x10;
        var extension = _packet.AsSpan(at);
        if (kind < 16)
        {
            var level = _level?.Invoke() ?? (byte)(_random.Next(4) == 0 ? _random.Next(256) : 0x80);
            ReadOnlySpan<byte> levels = [0xBE, 0xDE, 0, 1, 0x10, level, 0, 0];
            levels.CopyTo(extension);
            return levels.Length;
        }

        // The one-byte form, the two-byte form or an unknown one, with a length that may exceed the packet.
        ReadOnlySpan<ushort> forms = [0xBEDE, 0x1000, (ushort)_random.Next(1 << 16)];
        var words = _random.Next(20);
        BinaryPrimitives.WriteUInt16BigEndian(extension, forms[_random.Next(forms.Length)]);
        BinaryPrimitives.WriteUInt16BigEndian(extension[2..], (ushort)(_random.Next(5) == 0 ? _random.Next(1 << 16) : words));
        _random.NextBytes(extension.Slice(4, 4 * words));
        return 4 + (4 * words);
    }

    // A replay, or an earlier datagram with one wrong bit.
    private byte[] Sent()
    {
        byte[] datagram = [.. _sent[_random.Next(_sent.Length)]];
        if (datagram.Length > 0 && _random.Next(2) == 0)
            datagram[_random.Next(datagram.Length)] ^= (byte)(1 << _random.Next(8));
        return datagram;
    }

    // One to four RTCP packets of any type, whose counts and lengths may be wrong.
    private byte[] Report()
    {
        var compound = new byte[400];
        _random.NextBytes(compound);
        var length = 0;
        for (var packets = _random.Next(1, 5); packets > 0; packets--)
        {
            var words = _random.Next(2, 20);
            compound[length] = (byte)(0x80 | _random.Next(64));
            compound[length + 1] = (byte)_random.Next(_random.Next(4) == 0 ? 0 : 200, 208);
            BinaryPrimitives.WriteUInt16BigEndian(
                compound.AsSpan(length + 2), (ushort)(_random.Next(10) == 0 ? _random.Next(1 << 16) : words - 1));
            if (_random.Next(2) == 0)
                BinaryPrimitives.WriteUInt32BigEndian(compound.AsSpan(length + 4), _keys.Ssrc);
            length += 4 * words;
        }

        return Copy(_keys.Sender.ProtectRtcp(_packet, compound.AsSpan(0, length)));
    }

    // One to three DTLS 1.2 records: plaintext alerts and handshakes, and sealed ones without a key.
    private byte[] Records()
    {
        var datagram = new byte[_random.Next(1, 4) * 60];
        _random.NextBytes(datagram);
        for (var at = 0; at < datagram.Length; at += 60)
        {
            ReadOnlySpan<byte> header = [(byte)_random.Next(20, 25), 0xFE, 0xFD, 0, (byte)_random.Next(3), 0, 0, 0, 0];
            header.CopyTo(datagram.AsSpan(at));
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(at + 11), (ushort)(_random.Next(5) == 0 ? _random.Next(1 << 16) : 47));
            datagram[at + 13] = (byte)_random.Next(25);
        }

        return datagram;
    }

    private byte[] Noise()
    {
        var noise = new byte[_random.Next(200)];
        _random.NextBytes(noise);
        return noise;
    }

    // A packet that the peer's own sender refuses becomes an empty datagram.
    private byte[] Copy(int length) => _packet[..Math.Max(0, length)];
}

/// <summary>The keys and checks of a member's own endpoint, which a hostile client has too.</summary>
/// <param name="Sender">The client's SRTP sender.</param>
/// <param name="Ssrc">The SSRC of the client's microphone.</param>
/// <param name="Check">Returns an authentic STUN check of the client; true: it nominates its address.</param>
/// <param name="ForgedCheck">Returns a STUN check with a wrong password.</param>
internal sealed record HostileKeys(SrtpSender Sender, uint Ssrc, Func<bool, byte[]> Check, Func<byte[]> ForgedCheck);
