using System.Text.Json;

namespace Hype.Cluster.Tests.Testing;

/// <summary>A webhook receiver's knowledge of one channel, from its events alone.</summary>
internal sealed class HeardEvents(string channel)
{
    private readonly HashSet<string> _ids = [];
    private readonly Dictionary<string, int> _came = [];
    private readonly Dictionary<string, List<string>> _went = [];
    private long _sequence;

    /// <summary>Events that contradict the events before them.</summary>
    public List<string> Contradictions { get; } = [];

    /// <summary>The identities in the channel.</summary>
    public HashSet<string> Present { get; } = [];

    /// <summary>The number of different events.</summary>
    public int Count => _ids.Count;

    /// <summary>The number of repeated events.</summary>
    public int Again { get; private set; }

    public int TimesCome(string identity) => _came.GetValueOrDefault(identity);

    /// <summary>The reasons for which an identity left, in order.</summary>
    public IReadOnlyList<string> ReasonsToGo(string identity) => _went.GetValueOrDefault(identity, []);

    public void Add(JsonElement happened)
    {
        if (happened.GetProperty("channel").GetString() != channel)
            return;
        var id = happened.GetProperty("id").GetString()!;
        if (!_ids.Add(id))
        {
            Again++;
            return;
        }
        var sequence = happened.GetProperty("sequence").GetInt64();
        if (sequence != ++_sequence)
            Contradictions.Add($"{id} has sequence {sequence}, and {_sequence} is due");
        _sequence = sequence;
        var identity = happened.GetProperty("participant").GetProperty("identity").GetString()!;
        var joined = happened.GetProperty("event").GetString() == "joined";
        if (!(joined ? Present.Add(identity) : Present.Remove(identity)))
            Contradictions.Add($"{id}: {identity} {(joined ? "came and was there" : "left and was not there")}");
        if (joined)
        {
            _came[identity] = TimesCome(identity) + 1;
            return;
        }
        if (!_went.TryGetValue(identity, out var reasons))
            _went[identity] = reasons = [];
        reasons.Add(happened.GetProperty("reason").GetString()!);
    }
}
