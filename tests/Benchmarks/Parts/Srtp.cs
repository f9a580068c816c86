using BenchmarkDotNet.Attributes;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// Measures SRTP with the keys of a hundred peers in turn, as in a room, so that no key schedule, replay window or buffer is still in the
/// CPU cache from the previous packet.
/// </summary>
[MemoryDiagnoser]
[WarmupCount(40)]
public class Srtp
{
    private const int Peers = 100;
    private const int FramesPerPeer = 128;
    private const int SealedPackets = Peers * FramesPerPeer;

    // One CSRC more than the publisher's header.
    private const int ForwardedHeader = SpokenFrame.HeaderLength + RtpHeaderWriter.MaxForwardedGrowth;
    private const int Longest = 256;
    private const uint SlotSsrc = 0x51070000;
    private const uint MicrophoneSsrc = 0x3C000000;

    private readonly byte[] _payload = Voice.NewPayload();
    private readonly OutgoingBatch _batch = new();
    private readonly byte[] _arrived = new byte[SealedPackets * Longest];
    private SrtpSender[] _towardsPeers = [];
    private SrtpSender[] _peersSenders = [];
    private SrtpReceiver[] _fromPeers = [];
    private int _sealedLength;
    private int _peer;
    private ushort _sequence;
    private ushort _spokenSequence;

    [Params(SrtpProfiles.Gcm128, SrtpProfiles.Gcm256, SrtpProfiles.CounterMode)]
    public string Profile { get; set; } = "";

    [GlobalSetup]
    public void Connect()
    {
        var profile = SrtpProfiles.Of(Profile);
        _towardsPeers = [.. Enumerable.Range(0, Peers).Select(peer => new SrtpKeys(profile, peer).NewSender())];
        _peersSenders = [.. Enumerable.Range(Peers, Peers).Select(peer => new SrtpKeys(profile, peer).NewSender())];
        _fromPeers = [.. Enumerable.Range(Peers, Peers).Select(peer => new SrtpKeys(profile, peer).NewReceiver())];
        _sealedLength = SpokenFrame.HeaderLength + Voice.PayloadLength + SrtpProfileParameters.Of(profile).RtpExpansion;

        Span<byte> spoken = stackalloc byte[SpokenFrame.HeaderLength];
        Span<byte> forwarded = stackalloc byte[ForwardedHeader];
        Voice.WriteHeader(spoken, 0, MicrophoneSsrc, Voice.Loud);
        Guard.Holds(RtpHeader.TryParse(spoken, out var header));
        RtpHeaderWriter.WriteForwardedHeader(
            forwarded, header, spoken, marker: false, default, 0, new Ssrc(SlotSsrc), new MemberNumber(1));
        _batch.Fill(forwarded);
    }

    [GlobalCleanup]
    public void Disconnect()
    {
        foreach (var key in _towardsPeers.Concat<IDisposable>(_peersSenders).Concat(_fromPeers))
            key.Dispose();
    }

    /// <summary>Encrypts a payload, and writes the twelve bytes of the header that differ between receivers.</summary>
    [Benchmark]
    public void A_payload_is_encrypted_for_the_next_receiver()
    {
        if (++_peer == Peers)
        {
            _peer = 0;
            _sequence++;
        }

        var datagram = _batch.Next().Span;
        RtpHeaderWriter.Rewrite(datagram, new SequenceNumber(_sequence), _sequence * SpokenFrame.Ticks, new Ssrc(SlotSsrc + (uint)_peer));
        var length = _towardsPeers[_peer].Protect(datagram, ForwardedHeader, _payload);
        Guard.Holds(length != SrtpSender.Refused);
    }

    /// <summary>
    /// Encrypts the packets of the next iteration with new sequence numbers, because a packet can be decrypted only once.
    /// </summary>
    [IterationSetup(Target = nameof(A_packet_of_the_next_speaker_is_decrypted))]
    public void Speak()
    {
        for (var i = 0; i < SealedPackets; i++)
        {
            var speaker = i % Peers;
            if (speaker == 0)
                _spokenSequence++;
            var datagram = Arrived(i);
            Voice.WriteHeader(datagram, _spokenSequence, MicrophoneSsrc + (uint)speaker, Voice.Loud);
            Guard.Holds(_peersSenders[speaker].Protect(datagram, SpokenFrame.HeaderLength, _payload) == _sealedLength);
        }
    }

    [Benchmark(OperationsPerInvoke = SealedPackets)]
    public void A_packet_of_the_next_speaker_is_decrypted()
    {
        for (var i = 0; i < SealedPackets; i++)
        {
            var datagram = Arrived(i);
            Guard.Holds(RtpHeader.TryParse(datagram, out var header));
            Guard.Holds(_fromPeers[i % Peers].TryUnprotect(datagram, header, out _) == SrtpResult.Ok);
        }
    }

    private Span<byte> Arrived(int index) => _arrived.AsSpan(index * Longest, _sealedLength);
}
