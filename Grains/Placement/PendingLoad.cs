using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// Estimates the load of rooms that are placed already but not in any report yet. When a node dies, dozens of channels request another one
/// within a second; with the reported loads alone, the same nodes would look empty to all of them.
/// </summary>
internal sealed class PendingLoad
{
    /// <summary>
    /// The time for which a placement counts as pending. A report covers the second before it, and the members of a new room need a moment
    /// to connect: only the second report after a placement is sure to show it. This counts time and not reports, because the reports of
    /// another region do not arrive here.
    /// </summary>
    public static readonly TimeSpan CountsFor = TimeSpan.FromSeconds(2);

    /// <summary>The share of one worker that a room of ten members takes while two or three of them talk.</summary>
    private const double SmallRoom = 0.01;

    /// <summary>The maximum for one new room, even if the present rooms of the node are larger: a new room begins small.</summary>
    private const double LargestShare = 0.05;

    /// <summary>The maximum of an estimated load: an estimate alone never makes a node full.</summary>
    private const double AlmostFull = 0.99;

    private readonly Queue<(MediaNodeId Node, DateTimeOffset Until)> _placed = [];
    private readonly Dictionary<MediaNodeId, int> _rooms = [];

    public void Placed(MediaNodeId node, DateTimeOffset now)
    {
        _placed.Enqueue((node, now + CountsFor));
        _rooms[node] = _rooms.GetValueOrDefault(node) + 1;
    }

    /// <summary>Adds the load of the rooms that are placed on these nodes and not reported yet.</summary>
    public IEnumerable<NodeStatus> AddTo(IEnumerable<NodeStatus> nodes, DateTimeOffset now)
    {
        DropReported(now);
        return nodes.Select(Add);
    }

    /// <summary>
    /// Returns the estimated load of one more room: the average of the node's rooms, or a share of a worker if it has none.
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
