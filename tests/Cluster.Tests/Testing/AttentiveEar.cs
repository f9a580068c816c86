using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;

namespace Hype.Cluster.Tests.Testing;

/// <summary>One participant's receiver: records each speaker's frames with their connection, and the session's state.</summary>
internal sealed class AttentiveEar : IParticipantObserver
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, FrameArrivals> _speakers = [];
    private readonly List<(SessionMoment Moment, long At)> _moments = [];
    private uint _connection;
    private int _admissions;
    private long _admittedAt;
    private volatile string? _lostReason;

    /// <summary>The connection of the newest frame; 0: no frame arrived.</summary>
    public uint Connection => Volatile.Read(ref _connection);

    /// <summary>The number of admissions: one for the join, and one for each resume.</summary>
    public int Admissions => Volatile.Read(ref _admissions);

    /// <summary>The time of the last admission, in µs.</summary>
    public long AdmittedAt => Interlocked.Read(ref _admittedAt);

    /// <summary>The reason why the session ended unexpectedly; null: it did not.</summary>
    public string? LostReason => _lostReason;

    /// <summary>Evaluates <paramref name="question"/> on the frames of one speaker; no frame is added meanwhile.</summary>
    public T Of<T>(uint speaker, Func<FrameArrivals, T> question)
    {
        lock (_gate)
            return question(FramesOf(speaker));
    }

    /// <summary>Returns the time in µs of the first such event after <paramref name="since"/>; null: none.</summary>
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

    /// <summary>
    /// Sends a receiver report at once for each reported stream, as a browser does within seconds: it gives the node the round trip.
    /// </summary>
    public void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
        if (!RtcpCompound.TryParse(compound, out var packets))
            return;
        Span<byte> answer = stackalloc byte[128];
        foreach (var packet in packets)
        {
            if (packet.TryReadSenderReport(out var sender))
            {
                var block = new ReportBlock(sender.Ssrc, 0, 0, default, 0, NtpTime.Middle(sender.Ntp), 0);
                peer.SendRtcp(answer[..RtcpWriter.WriteReceiverReport(answer, new Ssrc(peer.Number), block, "ear"u8)]);
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
