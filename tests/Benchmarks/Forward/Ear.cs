using System.Buffers.Binary;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// One receiver's proof that what it got is what was said: every frame of every speaker, once, in order, unchanged, in a slot
/// whose sequence numbers have no hole. Belongs to its driver's thread.
/// </summary>
internal sealed class Ear(Action<long>? latency = null) : IVoiceListener
{
    private readonly Dictionary<uint, uint> _nextFrame = [];
    private readonly Dictionary<uint, ushort> _nextSequence = [];

    public long Heard { get; private set; }

    /// <summary>Frames that were changed, or not said by whom the CSRC names.</summary>
    public long Wrong { get; private set; }

    /// <summary>Frames of a speaker, or sequence numbers of a slot, that were skipped, repeated or out of order.</summary>
    public long OutOfOrder { get; private set; }

    public void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
    {
        Heard++;
        if (!SpokenFrame.TryRead(packet[header.HeaderLength..], out var frame) || header.CsrcCount != 1 || header.GetCsrc(0) != frame.Speaker)
        {
            Wrong++;
            return;
        }
        if (_nextSequence.TryGetValue(header.Ssrc, out var sequence) && sequence != header.SequenceNumber)
            OutOfOrder++;
        if (_nextFrame.TryGetValue(frame.Speaker, out var next) && next != frame.Frame)
            OutOfOrder++;
        _nextSequence[header.Ssrc] = (ushort)(header.SequenceNumber + 1);
        _nextFrame[frame.Speaker] = frame.Frame + 1;
        latency?.Invoke(arrivedAt - frame.SentAt);
    }

    public void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
        // A sender report at least: anything shorter would not be one.
        if (BinaryPrimitives.ReadUInt16BigEndian(compound[2..]) == 0)
            Wrong++;
    }
}
