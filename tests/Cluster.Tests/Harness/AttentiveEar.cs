using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;

namespace Hype.Cluster.Tests.Harness;

/// <summary>One participant's ear: remembers when each frame of each speaker came, on which connection, and what became of its seat.</summary>
internal sealed class AttentiveEar : IParticipantObserver
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, FrameArrivals> _speakers = [];
    private readonly List<(SessionMoment Moment, long At)> _moments = [];
    private uint _connection;
    private int _admissions;
    private long _admittedAt;
    private volatile string? _lostReason;

    /// <summary>Which connection the newest frame came on; 0: none came.</summary>
    public uint Connection => Volatile.Read(ref _connection);

    /// <summary>How often a seat was given: once for the join, and once for each resume.</summary>
    public int Admissions => Volatile.Read(ref _admissions);

    /// <summary>µs: the last time.</summary>
    public long AdmittedAt => Interlocked.Read(ref _admittedAt);

    /// <summary>Why the session ended by itself; null: it did not.</summary>
    public string? LostReason => _lostReason;

    /// <summary>What <paramref name="question"/> asks of the frames of one speaker; nothing arrives meanwhile.</summary>
    public T Of<T>(uint speaker, Func<FrameArrivals, T> question)
    {
        lock (_gate)
            return question(FramesOf(speaker));
    }

    /// <summary>µs: when something happened for the first time after <paramref name="since"/>; null: it did not.</summary>
    public long? First(SessionMoment moment, long since)
    {
        lock (_gate)
            return _moments.Where(entry => entry.Moment == moment && entry.At > since).Select(entry => (long?)entry.At).FirstOrDefault();
    }

    public void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
    {
        if (!header.TryGetPayload(packet, out var payload) || !SpokenFrame.TryRead(payload, out var frame))
            return;
        Volatile.Write(ref _connection, peer.Number);
        lock (_gate)
            FramesOf(frame.Speaker).Add(frame.Frame, frame.SentAt, arrivedAt);
    }

    public void OnAdmitted(int slots)
    {
        Interlocked.Exchange(ref _admittedAt, PeerDriver.Now);
        Interlocked.Increment(ref _admissions);
    }

    public void OnMoment(SessionMoment moment, long now)
    {
        lock (_gate)
            _moments.Add((moment, now));
    }

    public void OnLost(string reason, long now) => _lostReason = reason;

    /// <summary>Says at once how the streams that it is told of arrive, as a browser does within seconds: by that the node knows the round trip.</summary>
    public void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
        if (!RtcpCompound.TryParse(compound, out var packets))
            return;
        Span<byte> answer = stackalloc byte[128];
        foreach (var packet in packets)
        {
            if (packet.TryReadSenderReport(out var sender))
            {
                var block = new ReportBlock(sender.Ssrc, 0, 0, 0, 0, NtpTime.Middle(sender.Ntp), 0);
                peer.SendRtcp(answer[..RtcpWriter.WriteReceiverReport(answer, peer.Number, block, "ear"u8)]);
            }
        }
    }

    public void OnHearing(long now)
    {
    }

    public void OnSwitchBegins(long now)
    {
    }

    public void OnSwitchCommitted(long now)
    {
    }

    public void OnEvent()
    {
    }

    private FrameArrivals FramesOf(uint speaker)
    {
        if (!_speakers.TryGetValue(speaker, out var frames))
            _speakers.Add(speaker, frames = new FrameArrivals());
        return frames;
    }
}
