using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// The load of rooms placed so lately that no report shows them. A node that dies sends dozens of channels to look for another
/// within one second; with the reported loads alone all of them would think the same nodes empty.
/// </summary>
internal sealed class PendingLoad
{
    /// <summary>
    /// A report says how the second before it was, and the members of a new room need a moment to connect: only the second report
    /// after a placement is sure to show it. By the clock and not by counting reports, since those of another region are not seen here.
    /// </summary>
    public static readonly TimeSpan CountsFor = TimeSpan.FromSeconds(2);

    /// <summary>Of one worker: ten people of whom two or three talk.</summary>
    private const double SmallRoom = 0.01;

    /// <summary>However large the rooms are that a node has: the next one begins small.</summary>
    private const double LargestShare = 0.05;

    /// <summary>An estimate alone never fills a node up.</summary>
    private const double AlmostFull = 0.99;

    private readonly Queue<(MediaNodeId Node, DateTimeOffset Until)> _placed = [];
    private readonly Dictionary<MediaNodeId, int> _rooms = [];

    public void Placed(MediaNodeId node, DateTimeOffset now)
    {
        _placed.Enqueue((node, now + CountsFor));
        _rooms[node] = _rooms.GetValueOrDefault(node) + 1;
    }

    /// <summary>The nodes as they will be when everything has arrived that was placed on them.</summary>
    public IEnumerable<NodeStatus> AddTo(IEnumerable<NodeStatus> nodes, DateTimeOffset now)
    {
        Forget(now);
        return nodes.Select(Add);
    }

    /// <summary>What one more room is likely to cost this node: as much as one that it has; a share of a worker if it has none.</summary>
    internal static double ShareOfARoom(NodeStatus node)
    {
        var smallest = SmallRoom / Math.Max(node.Registration.Workers, 1);
        return node.Load.Rooms == 0 ? smallest : Math.Clamp(node.Load.Load / node.Load.Rooms, smallest, LargestShare);
    }

    private NodeStatus Add(NodeStatus node)
    {
        if (!_rooms.TryGetValue(node.Registration.Node, out var rooms))
            return node;

        var reported = node.Load.Load;
        var expected = Math.Min(reported + (rooms * ShareOfARoom(node)), Math.Max(reported, AlmostFull));
        return node with { Load = node.Load with { Load = expected } };
    }

    private void Forget(DateTimeOffset now)
    {
        while (_placed.TryPeek(out var placed) && placed.Until <= now)
        {
            var (node, _) = _placed.Dequeue();
            if (--_rooms[node] == 0)
                _rooms.Remove(node);
        }
    }
}
