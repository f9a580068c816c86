using System.Text.Json;

namespace Hype.Cluster.Tests.Testing;

/// <summary>The state of one channel as a webhook receiver knows it from the received events alone.</summary>
internal sealed class ReceivedEvents(string channel)
{
    private readonly HashSet<string> _ids = [];
    private readonly Dictionary<string, int> _joins = [];
    private readonly Dictionary<string, List<string>> _leaves = [];
    private long _sequence;

    /// <summary>
    /// Descriptions of the events that contradict earlier ones: a gap in the sequence, a join of a present identity, or a leave of an
    /// absent one.
    /// </summary>
    public List<string> Contradictions { get; } = [];

    /// <summary>The identities that are in the channel, according to the events.</summary>
    public HashSet<string> Present { get; } = [];

    /// <summary>The number of received events, without repetitions.</summary>
    public int Count => _ids.Count;

    /// <summary>The number of events that were received again, with a known id.</summary>
    public int Repeated { get; private set; }

    /// <summary>Returns the number of joins of an identity.</summary>
    public int JoinCount(string identity) => _joins.GetValueOrDefault(identity);

    /// <summary>Returns the reasons of an identity's leaves, in order.</summary>
    public IReadOnlyList<string> LeaveReasons(string identity) => _leaves.GetValueOrDefault(identity, []);

    /// <summary>Adds a received event; events of other channels are ignored.</summary>
    public void Add(JsonElement happened)
    {
        if (happened.GetProperty("channel").GetString() != channel)
            return;
        var id = happened.GetProperty("id").GetString()!;
        if (!_ids.Add(id))
        {
            Repeated++;
            return;
        }

        var sequence = happened.GetProperty("sequence").GetInt64();
        if (sequence != ++_sequence)
            Contradictions.Add($"{id} has sequence {sequence}, and {_sequence} is due");
        _sequence = sequence;
        var identity = happened.GetProperty("participant").GetProperty("identity").GetString()!;
        var joined = happened.GetProperty("event").GetString() == "joined";
        if (!(joined ? Present.Add(identity) : Present.Remove(identity)))
            Contradictions.Add($"{id}: {identity} {(joined ? "joined while present" : "left while absent")}");
        if (joined)
        {
            _joins[identity] = JoinCount(identity) + 1;
            return;
        }

        if (!_leaves.TryGetValue(identity, out var reasons))
            _leaves[identity] = reasons = [];
        reasons.Add(happened.GetProperty("reason").GetString()!);
    }
}
