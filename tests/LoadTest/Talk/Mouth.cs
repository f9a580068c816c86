using Hype.LoadTest.Media;
using Hype.LoadTest.Statistics;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Talk;

/// <summary>
/// The sending side of one speaker: sends a frame every 20 ms during the speaker's turns. Only the participant's media thread uses it.
/// </summary>
/// <param name="turns">The turns of the speaker; null: it always speaks.</param>
/// <param name="phase">µs, 0 to 20,000: the offset within the 20 ms, so that speakers do not all send in the same millisecond.</param>
internal sealed class Mouth(
    IVoiceParticipant participant, SpeechLog log, TurnPlan.Speaker? turns, int payloadLength, long phase, VoiceTally tally) : IBeat
{
    private const long FrameTime = 20_000;

    // µs: after a longer delay of the thread, the missed frames are not sent in a burst; a microphone would not do that either.
    private const long LongestBacklog = 100_000;

    private long _due;
    private bool _speaking;

    public void OnBeat(long now)
    {
        if (_due == 0)
            _due = now - (now % FrameTime) + FrameTime + phase;
        while (now >= _due)
        {
            tally.SpeakerLag.Add(now - _due);
            if (now - _due > LongestBacklog)
                _due += (now - _due) / FrameTime * FrameTime;
            Turn(_due);
            _due += FrameTime;
        }
    }

    private void Turn(long due)
    {
        var speaks = turns is null || turns.SpeaksAt(due - tally.Start);
        if (speaks)
        {
            var sentAt = PeerDriver.Now;
            participant.Say(new SpokenFrame(sentAt, log.Speaker, log.Add(sentAt)), payloadLength, startsTurn: !_speaking);
            tally.Said++;
        }

        _speaking = speaks;
    }
}
