using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>
/// Honest members that talk and hear each other. Each frame that one of them sends must arrive at each other one: once, in order, without
/// a gap in the slot's sequence numbers, and in the speaker's slot.
/// </summary>
internal sealed class HonestPair(params TestPeer[] members)
{
    private readonly Dictionary<(uint Listener, uint Speaker), Stream> _streams = [];
    private readonly Random _voice = new(6464);
    private int _said;

    public IReadOnlyList<TestPeer> Members => members;

    /// <summary>Sends one frame of each member, with the level of a voice.</summary>
    public void Say()
    {
        foreach (var member in members)
        {
            member.Level = (byte)((_said / 5 % 2 == 0 ? 20 : 35) + _voice.Next(-4, 5));
            member.Say(_said);
        }

        _said++;
    }

    /// <summary>Renews the members' consent.</summary>
    public void Check()
    {
        foreach (var member in members)
            member.Check();
    }

    /// <summary>Ends a sentence: after a pause, a speaker may be in another slot.</summary>
    public void Rest()
    {
        foreach (var (pair, stream) in _streams)
            _streams[pair] = stream with { Continues = false };
    }

    /// <summary>Asserts that every frame has arrived, and forgets what was heard.</summary>
    /// <param name="run">The description of the run, for a failure.</param>
    public void AssertHeard(string run)
    {
        foreach (var listener in members)
        {
            foreach (var speaker in members.Where(speaker => speaker != listener))
            {
                var before = _streams.GetValueOrDefault((listener.Number, speaker.Number));
                foreach (var heard in listener.Heard.Where(heard => heard.Speaker == speaker.Number))
                {
                    if (heard.Word != before.Words || (before.Continues
                        && (heard.Ssrc != before.Ssrc || heard.Sequence != (ushort)(before.Sequence + 1))))
                        Assert.Fail($"{run}: {listener.Number} heard {heard} of {speaker.Number} after {before}");
                    before = new Stream(before.Words + 1, heard.Ssrc, heard.Sequence, Continues: true);
                }

                _streams[(listener.Number, speaker.Number)] = before;
                Assert.That(before.Words, Is.EqualTo(_said), $"{run}: frames of {speaker.Number} that {listener.Number} heard");
            }

            Assert.That(listener.Unreadable, Is.Zero, run);
            listener.Heard.Clear();
            listener.Reports.Clear();
        }
    }

    private readonly record struct Stream(int Words, uint Ssrc, ushort Sequence, bool Continues);
}
