using System.Collections.Concurrent;
using Hype.LoadTest.Statistics;
using Hype.LoadTest.Talk;

namespace Hype.LoadTest.Running;

/// <summary>One channel under load: what was said in it, and by which plan.</summary>
/// <param name="plan">Null: everyone speaks all the time.</param>
internal sealed class Channel(string name, TurnPlan? plan)
{
    private readonly ConcurrentBag<SpeechLog> _logs = [];

    public string Name => name;

    /// <summary>Of all who have ever spoken here.</summary>
    public IReadOnlyCollection<SpeechLog> Logs => _logs;

    public TurnPlan.Speaker? TurnsOf(int speaker) => plan?.SpeakerAt(speaker);

    public SpeechLog NewLog(uint speaker, long start)
    {
        var log = new SpeechLog(speaker, start);
        _logs.Add(log);
        return log;
    }
}
