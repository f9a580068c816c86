using System.Buffers.Binary;
using System.Collections.Concurrent;
using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.LoadTest.Statistics;

/// <summary>
/// The receiving side of one participant: counts the arriving frames of each speaker. The media thread delivers the packets and owns
/// all fields, except the times between which the participant expects audio.
/// </summary>
/// <param name="isHostile">Returns true for a hostile member's number: its packets have random content and are ignored.</param>
internal sealed class Ear(uint number, VoiceTally tally, Predicate<uint>? isHostile = null) : IParticipantObserver
{
    /// <summary>
    /// The delay in µs, beyond that of a speaker's fastest packet, above which a packet is late for a jitter buffer of 60 ms.
    /// </summary>
    public const long LateAfter = 60_000;

    // µs: the kernel's arrival times are converted. A later time is no frame of this tool, and must not select a second of the run.
    private const long ClockTolerance = 1_000_000;

    // µs after a commit in which a client may still change its playback (docs/signaling.md: up to 2 s).
    private const long SwitchTail = 3_000_000;

    private readonly Dictionary<uint, HeardSpeaker> _speakers = [];
    private readonly List<long> _switchGaps = [];
    private readonly int[] _moves = new int[Enum.GetValues<MoveWay>().Length];
    private readonly ConcurrentQueue<(SessionMoment Moment, long At)> _moments = [];
    private long _switchUntil;
    private long _gap;
    private long _events;
    private long _firstAudioAt;

    public uint Number => number;

    /// <summary>The time in µs from which the participant expects audio; 0: not yet.</summary>
    public long HearsFrom { get; private set; }

    /// <summary>The time in µs at which the expectation ends: frames that are sent at or after it are not expected.</summary>
    public long HearsUntil { get; private set; } = long.MaxValue;

    /// <summary>The arrival time of the first audio in µs; 0: no audio was received.</summary>
    public long FirstAudioAt => Volatile.Read(ref _firstAudioAt);

    /// <summary>The maximum number of streams that the server forwards at a time; known after the admission.</summary>
    public int Slots { get; private set; } = int.MaxValue;

    public long Events => Interlocked.Read(ref _events);

    /// <summary>The reason why the session ended unexpectedly; null: it did not end unexpectedly.</summary>
    public string? LostReason { get; private set; }

    public bool IsSwitching => Interlocked.Read(ref _switchUntil) != 0;

    /// <summary>The longest silence around each switch or move, in µs. Read it after the media has stopped.</summary>
    public IReadOnlyList<long> SwitchGaps => _switchGaps;

    /// <summary>The session's events with their times in µs, in the order of the reports.</summary>
    public IReadOnlyCollection<(SessionMoment Moment, long At)> Moments => _moments;

    /// <summary>Returns how often the participant's media moved to another node by the given method.</summary>
    public int MovesBy(MoveWay way) => Volatile.Read(ref _moves[(int)way]);

    /// <summary>Returns the statistics of a speaker; null: no audio was ever received from it.</summary>
    public HeardSpeaker? Find(uint speaker) => _speakers.GetValueOrDefault(speaker);

    /// <summary>Ends the measurement of a switch that is still in progress at the end of the run.</summary>
    public void EndSwitch()
    {
        if (_switchUntil != 0)
            _switchGaps.Add(_gap);
        _switchUntil = 0;
    }

    public void StopExpecting(long now) => HearsUntil = Math.Min(HearsUntil, now);

    public void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
    {
        if (isHostile is not null && header.CsrcCount == 1
            && isHostile(BinaryPrimitives.ReadUInt32BigEndian(packet[RtpHeader.FixedLength..])))
            return;
        if (!header.TryGetPayload(packet, out var payload) || !SpokenFrame.TryRead(payload, out var frame)
            || frame.SentAt > arrivedAt + ClockTolerance)
        {
            tally.Corrupt++;
            return;
        }

        if (_firstAudioAt == 0)
            Volatile.Write(ref _firstAudioAt, arrivedAt);
        // Not expected, so not counted: sent before the transport was reported as connected, or in the last moments.
        if (HearsFrom == 0 || frame.SentAt < HearsFrom || frame.SentAt >= HearsUntil)
            return;
        if (!_speakers.TryGetValue(frame.Speaker, out var speaker))
            _speakers.Add(frame.Speaker, speaker = new HeardSpeaker());
        var second = tally.SecondOf(frame.SentAt);
        var delay = arrivedAt - frame.SentAt;
        switch (speaker.Receive(frame.Frame, peer.Number, second, delay, out var silence))
        {
            case Reception.Duplicate:
                tally.Duplicated++;
                return;
            case Reception.OtherPath:
                tally.OnOtherPath++;
                return;
        }

        tally.Receive(second, delay, isLate: delay > speaker.LowestDelay + LateAfter);
        tally.Jitter.Add((long)speaker.Jitter);
        FollowSwitch(silence, arrivedAt);
    }

    public void OnReport(VoicePeer peer, ReadOnlySpan<byte> compound, long arrivedAt)
    {
        // The server's sender reports are unused: the payload contains the timestamps for the delay.
    }

    public void OnAdmitted(uint number, int slots) => Slots = slots;

    public void OnHearing(long now) => HearsFrom = now;

    public void OnSwitchBegins(long now) => Interlocked.Exchange(ref _switchUntil, long.MaxValue);

    public void OnSwitchCommitted(long now) => Interlocked.Exchange(ref _switchUntil, now + SwitchTail);

    public void OnLost(string reason, long now)
    {
        LostReason = reason;
        StopExpecting(now);
    }

    public void OnEvent() => Interlocked.Increment(ref _events);

    public void OnMoment(SessionMoment moment, long now) => _moments.Enqueue((moment, now));

    public void OnMoved(VoicePeer peer, MoveWay way, long now)
    {
        Interlocked.Increment(ref _moves[(int)way]);
        OnMoment(SessionMoment.Moved, now);
    }

    public void OnHeardAfterMove(VoicePeer peer, long arrivedAt) => OnMoment(SessionMoment.HeardAfterMove, arrivedAt);

    /// <summary>Returns the longest time, in µs, in which the speaker talked and no expected frame of it arrived.</summary>
    /// <param name="said">The log of all frames of the speaker; read it after the run.</param>
    public long LongestSilence(SpeechLog said)
    {
        if (Find(said.Speaker) is not { } heard)
            return said.CountBetween(HearsFrom, HearsUntil) * HeardSpeaker.FrameTime;
        var (before, after) = (
            said.CountBetween(HearsFrom, said.SaidAt(heard.First)), said.CountBetween(said.SaidAt(heard.Newest) + 1, HearsUntil));
        return Math.Max(heard.LongestSilence, Math.Max(before, after) * HeardSpeaker.FrameTime);
    }

    /// <summary>Measures the longest silence from the start of a switch until some seconds after its commit.</summary>
    private void FollowSwitch(long silence, long now)
    {
        var until = Interlocked.Read(ref _switchUntil);
        if (until == 0)
            return;
        _gap = Math.Max(_gap, silence);
        if (now < until)
            return;
        _switchGaps.Add(_gap);
        _gap = 0;
        Interlocked.CompareExchange(ref _switchUntil, 0, until);
    }
}
