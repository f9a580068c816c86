using Hype.MediaNode.Rtp;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// A deterministic conversation with more speakers than slots: one in ten members, at least four, each with a packet every 20 ms. The
/// speakers differ in loudness and all levels vary, so that slots change from one speaker to another; every five seconds other members
/// speak.
/// </summary>
/// <param name="members">The number of members, at least 4.</param>
internal sealed class Conversation(int members)
{
    private const int LeastTalkers = 4;
    private const int FramesPerTurn = 250;

    // −dBov: the level of the loudest member, and the spread of the levels: more than a challenger has to exceed.
    private const int Loudest = 15;
    private const int Quietest = 45;
    private const int Voices = 8;
    private const int BetweenVoices = 2;

    private readonly byte[] _levels = NewLevels();
    private readonly int _talkers = Math.Max(LeastTalkers, members / 10);
    private int _talker;
    private int _word;
    private int _frame;

    /// <summary>The current time in µs.</summary>
    public long Now { get; private set; }

    /// <summary>The index of the current packet's member, from 1.</summary>
    public int Member { get; private set; }

    /// <summary>The number of the current packet's member in its channel: <see cref="Member"/> as the node's type.</summary>
    public MemberNumber Number => new((uint)Member);

    /// <summary>The level of the current packet in −dBov: 15–59 for speech, otherwise silence.</summary>
    public byte Level { get; private set; }

    /// <summary>The sequence number of the current packet, which counts frames.</summary>
    public SequenceNumber Sequence => new((ushort)_frame);

    /// <summary>Advances to the next packet of a speaking member.</summary>
    public void NextWord()
    {
        if (++_talker >= _talkers)
            NextFrame();
        Member = (((_frame / FramesPerTurn * _talkers) + _talker) % members) + 1;
        Level = NextLevel();
    }

    /// <summary>Advances to the next packet of any member, including silent ones.</summary>
    public void NextPacket()
    {
        if (++_talker >= members)
            NextFrame();
        Member = _talker + 1;
        var turn = _frame / FramesPerTurn * _talkers % members;
        var talks = (_talker - turn + members) % members < _talkers;
        Level = talks ? NextLevel() : Voice.Silent;
    }

    private void NextFrame()
    {
        _talker = 0;
        _frame++;
        Now += Voice.Frame;
    }

    private byte NextLevel() => (byte)(_levels[++_word % _levels.Length] + (Member % Voices * BetweenVoices));

    private static byte[] NewLevels()
    {
        // A prime number of packets, so that a speaker does not get the same one each time.
        var levels = new byte[4093];
        var random = new Random(1);
        for (var i = 0; i < levels.Length; i++)
            levels[i] = (byte)random.Next(Loudest, Quietest + 1);
        return levels;
    }
}
