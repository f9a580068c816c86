using System.Collections.Concurrent;
using Hype.LoadTest.Statistics;
using Hype.LoadTest.Talk;

namespace Hype.LoadTest.Running;

/// <summary>One channel under load: the logs of its speakers, and the plan of their turns.</summary>
/// <param name="plan">The plan of the turns; null: every speaker talks all the time.</param>
internal sealed class Channel(string name, TurnPlan? plan)
{
    private readonly ConcurrentBag<SpeechLog> _logs = [];
    private readonly ConcurrentDictionary<uint, bool> _hostile = [];

    public string Name => name;

    /// <summary>The logs of all speakers that have joined so far, including those that have left.</summary>
    public IReadOnlyCollection<SpeechLog> Logs => _logs;

    /// <summary>Records the number of a hostile member.</summary>
    public void AddHostile(uint number) => _hostile[number] = true;

    public bool IsHostile(uint number) => _hostile.ContainsKey(number);

    public TurnPlan.Speaker? TurnsOf(int speaker) => plan?.SpeakerAt(speaker);

    public SpeechLog NewLog(uint speaker, long start)
    {
        var log = new SpeechLog(speaker, start);
        _logs.Add(log);
        return log;
    }
}
