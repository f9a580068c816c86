using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>Base of the tests with a fault in the network of a media node that carries members.</summary>
internal abstract class NodeHostFault : Fault
{
    /// <summary>
    /// Starts a conversation whose room is on <paramref name="host"/>. The region's other nodes are stopped meanwhile, and run again
    /// afterwards.
    /// </summary>
    protected async Task<Conversation> StartConversationOnAsync(NodeHost host, string region, int people)
    {
        // The host's node is the only one of its region while members join, so placement chooses it.
        var others = Cluster.Nodes.Where(node => node.Region == region).ToArray();
        foreach (var node in others)
            await Cluster.StopAsync(node.Name);
        var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people, region);
        try
        {
            await Cluster.EnsureCompleteAsync();
            var state = await Cluster.BackOffice.GetAsync(conversation.Channel);
            Assert.That(
                state.Rooms.Select(room => room.Node), Is.EqualTo(new[] { host.Name }), "the only room is on the faulty node");
            return conversation;
        }
        catch
        {
            await conversation.DisposeAsync();
            throw;
        }
    }
}
