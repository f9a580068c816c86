using BenchmarkDotNet.Attributes;
using Hype.MediaClient;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.Benchmarks.Parts;

/// <summary>Measures the work on RTP headers: a header is parsed once, and written for each receiver.</summary>
[MemoryDiagnoser]
public class Rtp
{
    private const int Receivers = 100;

    // The size of one recvmmsg batch.
    private const int Arrived = 64;

    // Five seconds of frames, then another member speaks.
    private const int FramesPerTurn = 250;

    private readonly byte[][] _packets = new byte[Arrived][];
    private readonly SlotStream[] _streams = new SlotStream[Receivers];
    private readonly OutgoingBatch _batch = new();
    private int _packet;
    private int _receiver;
    private int _frame;
    private long _now;

    [GlobalSetup]
    public void Arrive()
    {
        for (var i = 0; i < Arrived; i++)
        {
            _packets[i] = new byte[SpokenFrame.HeaderLength + Voice.PayloadLength];
            Voice.WriteHeader(_packets[i], (ushort)(i * 1021), (uint)i, minusDbov: (byte)(i * 2));
        }

        for (var i = 0; i < Receivers; i++)
            _streams[i] = new SlotStream(new Ssrc((uint)i + 1));
    }

    [Benchmark]
    public int A_packet_is_parsed_and_its_level_read()
    {
        _packet = (_packet + 1) % Arrived;
        Guard.Holds(RtpHeader.TryParse(_packets[_packet], out var header));
        Guard.Holds(AudioLevel.TryRead(header, PayloadTypes.AudioLevelExtension, out var level, out _));
        return level + header.SequenceNumber.Value + header.PayloadType;
    }

    /// <summary>
    /// Writes the header that the next receiver gets: sequence number and timestamp are those of its slot, and continue when the speaker
    /// changes.
    /// </summary>
    [Benchmark]
    public int A_packet_gets_the_header_of_the_next_receiver()
    {
        if (++_receiver == Receivers)
        {
            _receiver = 0;
            _frame++;
            _now += Voice.Frame;
            var spoken = _packets[_frame % Arrived];
            RtpHeaderWriter.Rewrite(
                spoken, new SequenceNumber((ushort)_frame), (uint)_frame * SpokenFrame.Ticks, new Ssrc((uint)_frame / FramesPerTurn));
        }

        var packet = _packets[_frame % Arrived];
        Guard.Holds(RtpHeader.TryParse(packet, out var header));
        var turn = (uint)_frame / FramesPerTurn;
        var source = new SlotSource(new MemberNumber((turn % 5) + 1), turn);
        ref var stream = ref _streams[_receiver];
        Guard.Holds(
            stream.TryMap(source, header.SequenceNumber, header.Timestamp, _now, out var sequence, out var timestamp, out var starts));
        return RtpHeaderWriter.WriteForwardedHeader(
            _batch.Next().Span, header, packet, starts, sequence, timestamp, stream.Ssrc, source.Number);
    }
}
