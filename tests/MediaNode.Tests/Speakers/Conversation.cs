namespace Hype.MediaNode.Tests.Speakers;

/// <summary>A scripted conversation: every member sends a packet each 20 ms, with the audio level that the script sets.</summary>
internal sealed class Conversation
{
    /// <summary>The time between two packets of one member, µs.</summary>
    public const long Frame = 20_000;

    public const byte Silence = 127;

    /// <summary>The audio level of an ordinary voice, in −dBov.</summary>
    public const byte Voice = 37;

    private readonly List<(int Member, long From, long To, byte Level)> _script = [];

    /// <summary>The current time of the conversation, µs.</summary>
    public long Now { get; private set; }

    /// <param name="fromMs">Milliseconds since the beginning of the conversation.</param>
    public Conversation Speaks(int member, long fromMs, long toMs, byte level = Voice)
    {
        _script.Add((member, fromMs * 1000, toMs * 1000, level));
        return this;
    }

    /// <summary>Sends the packets of all members until <paramref name="untilMs"/>, frame by frame, each member in turn.</summary>
    public void Play(long untilMs, IReadOnlyCollection<int> members, Action<int, byte, long> hear)
    {
        for (; Now < untilMs * 1000; Now += Frame)
        {
            foreach (var member in members)
                hear(member, LevelOf(member), Now);
        }
    }

    private byte LevelOf(int member)
    {
        foreach (var (speaker, from, to, level) in _script)
        {
            if (speaker == member && Now >= from && Now < to)
                return level;
        }

        return Silence;
    }
}
