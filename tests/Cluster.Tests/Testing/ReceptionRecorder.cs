using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;

namespace Hype.Cluster.Tests.Testing;

/// <summary>Observes one participant: records the frames that it receives from each speaker, and the events of its session.</summary>
internal sealed class ReceptionRecorder : IParticipantObserver
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, FrameArrivals> _speakers = [];
    private readonly List<(SessionMoment Moment, long At)> _moments = [];
    private uint _connection;
    private int _admissions;
    private long _admittedAt;
    private volatile string? _lostReason;

    /// <summary>The number of the media connection on which the newest frame arrived; 0 if no frame has arrived.</summary>
    public uint Connection => Volatile.Read(ref _connection);

    /// <summary>The number of times that the session was admitted: once for the join, and once for each resume.</summary>
    public int Admissions => Volatile.Read(ref _admissions);

    /// <summary>The time of the last admission, in µs of <see cref="PeerDriver.Now"/>.</summary>
    public long AdmittedAt => Interlocked.Read(ref _admittedAt);

    /// <summary>The reason why the session ended unexpectedly; null while it has not.</summary>
    public string? LostReason => _lostReason;

    /// <summary>
    /// Returns the result of <paramref name="question"/> for the received frames of one speaker. No frame is recorded meanwhile.
    /// </summary>
    public T Of<T>(uint speaker, Func<FrameArrivals, T> question)
    {
        lock (_gate)
            return question(FramesOf(speaker));
    }

    /// <summary>
    /// Returns the time of the first event of a kind after <paramref name="since"/>, both in µs; null if there was none.
    /// </summary>
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

    public void OnAdmitted(uint number, int slots)
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
    /// Answers each sender report with a receiver report at once, from which the node computes the round-trip time. A browser does the
    /// same within seconds.
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
