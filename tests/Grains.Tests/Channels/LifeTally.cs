using System.Reflection;

namespace Hype.Grains.Tests.Channels;

/// <summary>Counts the cases that the generated inputs reach; they must reach every case.</summary>
internal sealed class LifeTally
{
    public int Commits, Superseded, NodesLost, Expired, Refused, PairFailures, NoNode, JoinedPending, Restarts, MediaUnavailable;
    public int Revived, HandedOver, IceRestarts, Shared, Linked;

    private static readonly FieldInfo[] Counters = typeof(LifeTally).GetFields(BindingFlags.Instance | BindingFlags.Public);

    /// <summary>Returns the names of the cases whose count is at most the limit.</summary>
    public string[] AtMost(int limit) =>
        [.. Counters.Where(counter => (int)counter.GetValue(this)! <= limit).Select(counter => counter.Name)];

    public override string ToString() => string.Join(", ", Counters.Select(counter => $"{counter.Name} {counter.GetValue(this)}"));
}
