using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// A synthetic speaker. It sends frames as a browser does, and numbers them so that each receiver detects a missing one.
/// </summary>
internal sealed class Mouth(VoicePeer peer, int payloadLength)
{
    private readonly byte[] _header = new byte[SpokenFrame.HeaderLength];
    private readonly byte[] _payload = new byte[payloadLength];
    private uint _frame;
    private uint _timestamp = 5_000;

    /// <summary>The audio level in −dBov: 0 is the loudest, 127 is silence.</summary>
    public byte Level { get; set; } = 20;

    public uint Said => _frame;

    /// <summary>The time of the next frame in µs, for speakers at the real rate.</summary>
    public long DueAt { get; set; }

    public void Say(long now)
    {
        var ssrc = 0xA000_0000 + peer.Number;
        SpokenFrame.WriteHeader(
            _header, PayloadTypes.Opus, marker: _frame == 0, (ushort)_frame, _timestamp, ssrc, PayloadTypes.AudioLevelExtension, Level);
        new SpokenFrame(now, peer.Number, _frame).WriteTo(_payload);
        if (!peer.SendRtp(_header, _payload))
            throw new InvalidOperationException("A speaker that is not connected has nothing to say.");
        _frame++;
        _timestamp += SpokenFrame.Ticks;
    }
}
