using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// Estimates the load of rooms that were placed on nodes but are not in any load report yet. When a node dies, dozens of channels request
/// another node within a second; without the estimate, the same nodes would look empty to all of them.
/// </summary>
internal sealed class PendingLoad
{
    /// <summary>
    /// The time for which the estimate counts a placed room. Nodes report each second the load of the second before, and the members of a
    /// new room need a moment to connect, so only the second report certainly contains the room. The estimate counts time and not reports,
    /// because it does not see the reports of other regions' nodes.
    /// </summary>
    public static readonly TimeSpan CountsFor = TimeSpan.FromSeconds(2);

    /// <summary>The share of a worker's capacity that a room with ten members uses while two or three of them speak.</summary>
    private const double SmallRoom = 0.01;

    /// <summary>
    /// The highest estimated load of one new room, even on a node whose present rooms are larger, because a new room begins small.
    /// </summary>
    private const double LargestShare = 0.05;

    /// <summary>The highest load that an estimate can reach, so that an estimate alone never makes a node full.</summary>
    private const double AlmostFull = 0.99;

    private readonly Queue<(MediaNodeId Node, DateTimeOffset Until)> _placed = [];
    private readonly Dictionary<MediaNodeId, int> _rooms = [];

    public void Placed(MediaNodeId node, DateTimeOffset now)
    {
        _placed.Enqueue((node, now + CountsFor));
        _rooms[node] = _rooms.GetValueOrDefault(node) + 1;
    }

    /// <summary>
    /// Returns the nodes with their reported loads plus the estimated load of rooms that are placed but not reported yet.
    /// </summary>
    public IEnumerable<NodeStatus> AddTo(IEnumerable<NodeStatus> nodes, DateTimeOffset now)
    {
        DropReported(now);
        return nodes.Select(Add);
    }

    /// <summary>
    /// Returns the estimated load of one more room on a node: the average of its present rooms, or a small share of a worker if it has
    /// none.
    /// </summary>
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

    private void DropReported(DateTimeOffset now)
    {
        while (_placed.TryPeek(out var placed) && placed.Until <= now)
        {
            var (node, _) = _placed.Dequeue();
            if (--_rooms[node] == 0)
                _rooms.Remove(node);
        }
    }
}
