using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Control;

/// <summary>Finds media nodes for the control API.</summary>
internal static class NodeQueries
{
    /// <summary>Lists the nodes of all regions, ordered by name.</summary>
    public static async Task<NodeStatus[]> AllAsync(GrainAccess grains, RegionNames regions)
    {
        var nodes = await Task.WhenAll(regions.All.Select(region => grains.Ask(grains.Region(region).GetNodes())));
        return [.. nodes.SelectMany(region => region).OrderBy(node => node.Registration.Node.Value, StringComparer.Ordinal)];
    }

    /// <summary>Parses a node's name. A name that no node can have is refused before it becomes the key of a grain.</summary>
    public static bool TryParse(string node, out MediaNodeId id)
    {
        id = new MediaNodeId(node);
        return MediaNodeId.IsName(node);
    }
}
