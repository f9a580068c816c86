using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Placement;

/// <summary>
/// The load of rooms that are placed already but not in any report yet. The death of a node makes dozens of channels request another one
/// within a second; with the reported loads alone, the same nodes would look empty to all of them.
/// </summary>
internal sealed class PendingLoad
{
    /// <summary>
    /// A report covers the second before it, and the members of a new room need a moment to connect: only the second report after a
    /// placement is sure to show it. This counts time and not reports, because the reports of another region do not arrive here.
    /// </summary>
    public static readonly TimeSpan CountsFor = TimeSpan.FromSeconds(2);

    /// <summary>The share of one worker that a room of ten members takes, of which two or three talk.</summary>
    private const double SmallRoom = 0.01;

    /// <summary>The maximum for one room, however large the present rooms of the node are: the next one begins small.</summary>
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

    /// <summary>The estimated load of one more room: the average of the node's rooms, or a share of a worker if it has none.</summary>
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
