using System.Reflection;

namespace Hype.Grains.Tests.Channels;

/// <summary>Counts how often the generated inputs reach each case of interest, so that a test can require every case.</summary>
internal sealed class LifeTally
{
    public int Commits, Superseded, NodesLost, Expired, Refused, PairFailures, NoNode, JoinedPending, Restarts, MediaUnavailable;
    public int Revived, HandedOver, ReleasedListed, IceRestarts, Shared, Linked;

    private static readonly FieldInfo[] Counters = typeof(LifeTally).GetFields(BindingFlags.Instance | BindingFlags.Public);

    /// <summary>Returns the names of the cases that were reached at most <paramref name="limit"/> times.</summary>
    public string[] AtMost(int limit) =>
        [.. Counters.Where(counter => (int)counter.GetValue(this)! <= limit).Select(counter => counter.Name)];

    public override string ToString() => string.Join(", ", Counters.Select(counter => $"{counter.Name} {counter.GetValue(this)}"));
}
