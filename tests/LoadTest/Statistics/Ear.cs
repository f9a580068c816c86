using System.Collections.Concurrent;
using Hype.LoadTest.Targets;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.LoadTest.Statistics;

/// <summary>
/// One participant's ear: counts what arrives, by speaker. Packets come on the thread of the media, which owns all but the times
/// between which it is expected to hear.
/// </summary>
internal sealed class Ear(uint number, VoiceTally tally) : IParticipantObserver
{
    /// <summary>µs after the fastest packet of a speaker: what a jitter buffer of 60 ms still plays.</summary>
    public const long LateAfter = 60_000;

    // µs after a commit in which a client may still change what it plays (docs/signaling.md: up to 2 s).
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

    /// <summary>µs; 0: not yet.</summary>
    public long HearsFrom { get; private set; }

    /// <summary>µs: what is said from here on is not expected any more.</summary>
    public long HearsUntil { get; private set; } = long.MaxValue;

    /// <summary>µs; 0: nothing was heard.</summary>
    public long FirstAudioAt => Volatile.Read(ref _firstAudioAt);

    /// <summary>Streams that the server forwards at a time at most; from the moment of admission.</summary>
    public int Slots { get; private set; } = int.MaxValue;

    public long Events => Interlocked.Read(ref _events);

    /// <summary>Why the session ended by itself; null: it did not.</summary>
    public string? LostReason { get; private set; }

    public bool IsSwitching => Interlocked.Read(ref _switchUntil) != 0;

    /// <summary>µs, the longest silence around each change of path; when the media has stopped.</summary>
    public IReadOnlyList<long> SwitchGaps => _switchGaps;

    /// <summary>What happened when, µs, as the threads told it.</summary>
    public IReadOnlyCollection<(SessionMoment Moment, long At)> Moments => _moments;

    /// <summary>How often its media came to another node in this way.</summary>
    public int MovesBy(MoveWay way) => Volatile.Read(ref _moves[(int)way]);

    /// <summary>Null: nothing of that speaker was ever heard.</summary>
    public HeardSpeaker? Find(uint speaker) => _speakers.GetValueOrDefault(speaker);

    /// <summary>The run is over, and with it a change that was still under way.</summary>
    public void EndSwitch()
    {
        if (_switchUntil != 0)
            _switchGaps.Add(_gap);
        _switchUntil = 0;
    }

    public void StopExpecting(long now) => HearsUntil = Math.Min(HearsUntil, now);

    public void OnFrame(VoicePeer peer, in RtpHeader header, ReadOnlySpan<byte> packet, long arrivedAt)
    {
        if (!header.TryGetPayload(packet, out var payload) || !SpokenFrame.TryRead(payload, out var frame))
        {
            tally.Corrupt++;
            return;
        }
        if (_firstAudioAt == 0)
            Volatile.Write(ref _firstAudioAt, arrivedAt);
        // Not expected, so not counted: said before the transport was reported as connected, or in the last moments.
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
        // The server's sender reports: the delay is measured by what is in the payload.
    }

    public void OnAdmitted(int slots) => Slots = slots;

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

    /// <summary>µs: the longest time for which it should have heard this speaker, who spoke, and heard nothing new.</summary>
    /// <param name="said">All that the speaker has said; when the run is over.</param>
    public long LongestSilence(SpeechLog said)
    {
        if (Find(said.Speaker) is not { } heard)
            return said.CountBetween(HearsFrom, HearsUntil) * HeardSpeaker.FrameTime;
        var (before, after) = (said.CountBetween(HearsFrom, said.SaidAt(heard.First)), said.CountBetween(said.SaidAt(heard.Newest) + 1, HearsUntil));
        return Math.Max(heard.LongestSilence, Math.Max(before, after) * HeardSpeaker.FrameTime);
    }

    /// <summary>The longest silence from the beginning of a change of path to some seconds after its end.</summary>
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
