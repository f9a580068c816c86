namespace Hype.LoadTest.Talk;

/// <summary>
/// The plan of a channel's turns, which are distributed as in conversation. It follows the model of artificial conversational speech of
/// ITU-T P.59 for two parties: one party talks, both are silent, or both talk, for exponentially distributed times. With more than two
/// parties, the next speaker is a random one of the others.
/// <code>
///                 0.6 ┌─► silence (mean 456 ms) ─┬─ 0.5 ─► the same one continues
///   one talks ────────┤                          └─ 0.5 ─► another one talks
///   (mean 854 ms) 0.4 └─► another joins in, both ┬─ 0.5 ─► the first continues
///                         talk (mean 226 ms)     └─ 0.5 ─► the other has the floor
/// </code>
/// </summary>
internal sealed class TurnPlan
{
    private const double MeanSingleTalk = 854_000;
    private const double MeanDoubleTalk = 226_000;
    private const double MeanSilence = 456_000;
    private const double DoubleTalkChance = 0.4;
    private const double OtherChance = 0.5;

    private readonly List<(long From, long Until)>[] _turns;

    /// <param name="speakers">1 or more; a single one talks and pauses.</param>
    /// <param name="length">The length of the plan in µs; a longer conversation repeats the plan.</param>
    public TurnPlan(int speakers, long length, int seed)
    {
        Length = length;
        _turns = [.. Enumerable.Range(0, speakers).Select(_ => new List<(long, long)>())];
        Write(new Random(seed));
    }

    /// <summary>The length of the plan in µs.</summary>
    public long Length { get; }

    /// <summary>Returns the turns of a speaker: intervals (from, until) in µs, in order and without overlap.</summary>
    public IReadOnlyList<(long From, long Until)> TurnsOf(int speaker) => _turns[speaker];

    public int Speakers => _turns.Length;

    public Speaker SpeakerAt(int index) => new(this, _turns[index]);

    private void Write(Random random)
    {
        var floor = 0;
        for (long now = 0; now < Length;)
        {
            var end = now + Exponential(random, MeanSingleTalk);
            Speak(floor, now, end);
            now = end;
            if (_turns.Length > 1 && random.NextDouble() < DoubleTalkChance)
            {
                var other = Another(random, floor);
                end = now + Exponential(random, MeanDoubleTalk);
                Speak(floor, now, end);
                Speak(other, now, end);
                floor = random.NextDouble() < OtherChance ? other : floor;
            }
            else
            {
                end = now + Exponential(random, MeanSilence);
                floor = random.NextDouble() < OtherChance ? Another(random, floor) : floor;
            }

            now = end;
        }
    }

    private int Another(Random random, int than) => _turns.Length == 1 ? than : (than + random.Next(1, _turns.Length)) % _turns.Length;

    private void Speak(int speaker, long from, long until)
    {
        var turns = _turns[speaker];
        if (turns is [.., var last] && last.Until == from)
            turns[^1] = (last.From, until);
        else
            turns.Add((from, until));
    }

    private static long Exponential(Random random, double mean) => (long)Math.Max(1, -mean * Math.Log(1 - random.NextDouble()));

    /// <summary>A speaker's position in the plan. The times of successive calls must not decrease.</summary>
    public sealed class Speaker(TurnPlan plan, List<(long From, long Until)> turns)
    {
        private int _next;
        private long _round;

        /// <param name="time">µs since the conversation began.</param>
        public bool SpeaksAt(long time)
        {
            if (time / plan.Length != _round)
                (_round, _next) = (time / plan.Length, 0);
            var within = time % plan.Length;
            while (_next < turns.Count && turns[_next].Until <= within)
                _next++;
            return _next < turns.Count && turns[_next].From <= within;
        }
    }
}
