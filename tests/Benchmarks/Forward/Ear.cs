using System.Buffers.Binary;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Verifies the packets of one receiver: each frame of each speaker must arrive once, in order and unchanged, in a slot whose sequence
/// numbers have no gap. Only the driver's thread uses it.
/// </summary>
internal sealed class Ear(Action<long>? latency = null) : IVoiceListener
{
    private readonly Dictionary<uint, uint> _nextFrame = [];
    private readonly Dictionary<Ssrc, SequenceNumber> _nextSequence = [];

    public long Heard { get; private set; }

    /// <summary>The number of frames that were changed or whose CSRC names another speaker, and of invalid reports.</summary>
    public long Wrong { get; private set; }

    /// <summary>
    /// The number of times that a frame of a speaker, or a sequence number of a slot, was skipped, repeated or out of order.
    /// </summary>
    public long OutOfOrder { get; private set; }

    public void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
    {
        Heard++;
        if (!SpokenFrame.TryRead(packet[header.HeaderLength..], out var frame)
            || !header.TryGetSpeaker(out var speaker) || speaker.Value != frame.Speaker)
        {
            Wrong++;
            return;
        }

        if (_nextSequence.TryGetValue(header.Ssrc, out var sequence) && sequence != header.SequenceNumber)
            OutOfOrder++;
        if (_nextFrame.TryGetValue(frame.Speaker, out var next) && next != frame.Frame)
            OutOfOrder++;
        _nextSequence[header.Ssrc] = header.SequenceNumber + 1;
        _nextFrame[frame.Speaker] = frame.Frame + 1;
        latency?.Invoke(arrivedAt - frame.SentAt);
    }

    public void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
        // At least a sender report: shorter packets are none.
        if (BinaryPrimitives.ReadUInt16BigEndian(compound[2..]) == 0)
            Wrong++;
    }
}
