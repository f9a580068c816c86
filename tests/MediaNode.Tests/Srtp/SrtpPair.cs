using System.Buffers.Binary;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tests.Rtp;

namespace Hype.MediaNode.Tests.Srtp;

/// <summary>An SRTP sender and an SRTP receiver with the same keys.</summary>
internal sealed class SrtpPair : IDisposable
{
    public const uint Ssrc = 0x11223344;

    private readonly SrtpProfile _profile;
    private readonly byte[] _key;
    private readonly byte[] _salt;

    public SrtpPair(SrtpProfile profile)
    {
        _profile = profile;
        var parameters = SrtpProfileParameters.Of(profile);
        _key = [.. Enumerable.Range(1, parameters.KeyLength).Select(i => (byte)i)];
        _salt = [.. Enumerable.Range(101, parameters.SaltLength).Select(i => (byte)i)];
        Sender = NewSender();
        Receiver = new SrtpReceiver(profile, _key, _salt);
    }

    public static IEnumerable<SrtpProfile> Profiles => Enum.GetValues<SrtpProfile>();

    public SrtpSender Sender { get; }

    public SrtpReceiver Receiver { get; }

    /// <summary>Returns another sender with the same keys and without state, like the sender of a revived transport.</summary>
    public SrtpSender NewSender() => new(_profile, _key, _salt);

    /// <summary>Returns an encrypted packet with this sequence number; null if the sender refused it.</summary>
    public byte[]? Protect(ushort sequenceNumber, uint ssrc = Ssrc, SrtpSender? sender = null)
    {
        sender ??= Sender;
        var plain = RtpPackets.Plain(sequenceNumber, ssrc);
        var packet = new byte[plain.Length + sender.RtpExpansion];
        plain.AsSpan(0, RtpHeader.FixedLength).CopyTo(packet);
        var length = sender.Protect(packet, RtpHeader.FixedLength, plain.AsSpan(RtpHeader.FixedLength));
        return length == SrtpSender.Refused ? null : packet[..length];
    }

    public byte[] ProtectRtcp(uint ssrc = Ssrc, int words = 7)
    {
        var plain = ReceiverReport(ssrc, words);
        var packet = new byte[plain.Length + Sender.RtcpExpansion];
        return packet[..Sender.ProtectRtcp(packet, plain)];
    }

    /// <summary>
    /// Passes a copy of the packet to the receiver, so that the packet can be used again, and returns the receiver's result.
    /// </summary>
    public SrtpResult Receive(byte[] packet) => Receiver.TryUnprotect((byte[])packet.Clone(), out _);

    public SrtpResult ReceiveRtcp(byte[] packet) => Receiver.TryUnprotectRtcp((byte[])packet.Clone(), out _);

    public static byte[] ReceiverReport(uint ssrc = Ssrc, int words = 7)
    {
        var plain = new byte[4 + (words * 4)];
        plain[0] = 0x81;
        plain[1] = 201;
        plain[3] = (byte)words;
        BinaryPrimitives.WriteUInt32BigEndian(plain.AsSpan(4), ssrc);
        for (var i = 8; i < plain.Length; i++)
            plain[i] = (byte)i;
        return plain;
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }
}
