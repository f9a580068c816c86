using System.Buffers.Binary;
using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Tickets;

/// <summary>
/// The record of every SRTP index that any node has sent to a peer under one key, as an eavesdropper on all paths would see it. It counts
/// an index only if the packet's tag proves the index, and so does not rely on the sender's state.
/// </summary>
internal sealed class SentIndices : IDisposable
{
    private const int Cycle = 1 << 16;

    private readonly Dictionary<Ssrc, (HashSet<SrtpIndex> Used, SrtpIndex Highest)> _rtp = [];
    private readonly HashSet<uint> _rtcp = [];
    private readonly SrtpCipher _cipher;

    public SentIndices(TestPeer peer)
    {
        var material = new byte[SrtpProfileParameters.Of(peer.Profile).KeyingMaterialLength];
        Assert.That(peer.Dtls.TryExportKeyingMaterial(material), Is.True);
        var keys = new DtlsSrtpKeys(peer.Profile, material);
        _cipher = SrtpCipher.ForOpening(peer.Profile, keys.ServerKey, keys.ServerSalt, AesEngine.Auto);
    }

    public long Packets { get; private set; }

    /// <summary>Records the index of a datagram. Returns false if the datagram is protected with another key.</summary>
    public bool TryRecord(ReadOnlySpan<byte> datagram) => DatagramClassifier.Classify(datagram) switch
    {
        DatagramKind.Rtp => TryRecordRtp(datagram),
        DatagramKind.Rtcp => TryRecordRtcp(datagram),
        _ => true,
    };

    public void Dispose() => _cipher.Dispose();

    private bool TryRecordRtp(ReadOnlySpan<byte> datagram)
    {
        if (!RtpHeader.TryParse(datagram, out var header))
            return false;
        var (used, highest) = _rtp.TryGetValue(header.Ssrc, out var known) ? known : ([], default);
        var likely = SrtpIndex.Estimate(highest, header.SequenceNumber);
        foreach (var index in (ReadOnlySpan<SrtpIndex>)[likely, likely + Cycle, likely - Cycle])
        {
            if (index.IsBeforeFirst || !_cipher.TryUnprotectRtp(datagram.ToArray(), header.HeaderLength, header.Ssrc, index))
                continue;
            if (!used.Add(index))
                Assert.Fail($"{header.Ssrc}: {index} was used twice");
            _rtp[header.Ssrc] = (used, index > highest ? index : highest);
            Packets++;
            return true;
        }

        return false;
    }

    private bool TryRecordRtcp(ReadOnlySpan<byte> datagram)
    {
        var word = BinaryPrimitives.ReadUInt32BigEndian(datagram[_cipher.RtcpIndexOffset(datagram.Length)..]);
        if (!_cipher.TryUnprotectRtcp(datagram.ToArray(), Ssrc.Read(datagram[4..]), word))
            return false;
        if (!_rtcp.Add(word))
            Assert.Fail($"SRTCP index {word & SrtpIndex.MaxRtcp.Value} was used twice");
        return true;
    }
}
