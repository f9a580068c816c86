using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>A fault in the network of a media node that carries members.</summary>
internal abstract class NodeHostFault : Fault
{
    /// <summary>A conversation on a node with its own host; the cluster's own nodes are the alternatives.</summary>
    protected async Task<Conversation> StartConversationOnAsync(NodeHost host, string region, int people)
    {
        // The only node of its region while people join, so placement chooses it.
        var others = Cluster.Nodes.Where(node => node.Region == region).ToArray();
        foreach (var node in others)
            await Cluster.StopAsync(node.Name);
        var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people, region);
        try
        {
            await Cluster.WholeAsync();
            var state = await Cluster.BackOffice.GetAsync(conversation.Channel);
            Assert.That(
                state.Rooms.Select(room => room.Node), Is.EqualTo(new[] { host.Name }), "the node that the fault happens to carries them");
            return conversation;
        }
        catch
        {
            await conversation.DisposeAsync();
            throw;
        }
    }
}
