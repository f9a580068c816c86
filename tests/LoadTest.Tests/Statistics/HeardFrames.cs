using Hype.LoadTest.Statistics;
using Hype.MediaClient;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;

namespace Hype.LoadTest.Tests.Statistics;

/// <summary>Delivers synthetic frames to an <see cref="Ear"/>.</summary>
internal sealed class HeardFrames : IDisposable
{
    private readonly Ear _ear;
    private readonly DtlsContext _dtls = SelfSigned.Client.NewContext();
    private readonly VoicePeer _peer;

    public HeardFrames(Ear ear)
    {
        _ear = ear;
        _peer = new VoicePeer(IceCredentials.New(), IceCredentials.New(), 1, _dtls, new Nowhere(), ear);
    }

    /// <param name="sentAt">The time at which the speaker sends the frame, in µs.</param>
    /// <param name="delay">The time until the frame arrives, in µs.</param>
    /// <param name="change">Changes the payload on the way.</param>
    public void Hear(uint speaker, uint frame, long sentAt, long delay, Action<byte[]>? change = null)
    {
        var payload = new byte[40];
        new SpokenFrame(sentAt, speaker, frame).WriteTo(payload);
        change?.Invoke(payload);
        var packet = new byte[SpokenFrame.HeaderLength + payload.Length];
        SpokenFrame.WriteHeader(
            packet, 111, marker: false, (ushort)frame, frame * SpokenFrame.Ticks, ssrc: 1000, levelExtension: 1, minusDbov: 37);
        payload.CopyTo(packet.AsSpan(SpokenFrame.HeaderLength));
        Assert.That(RtpHeader.TryParse(packet, out var header), Is.True);
        _ear.OnFrame(_peer, header, packet, sentAt + delay);
    }

    public void Dispose()
    {
        _peer.Dispose();
        _dtls.Dispose();
    }

    /// <summary>Discards outgoing packets.</summary>
    private sealed class Nowhere : IDatagramSink
    {
        public Span<byte> Reserve() => new byte[IDatagramSocket.MaxDatagram];

        public void Send(int length, TransportAddress to)
        {
        }
    }
}
