using System.CommandLine;
using Hype.Cli.Api;
using Hype.Cli.Display;
using Hype.Gateway.Control.Models;

namespace Hype.Cli.Commands;

/// <summary>The commands about media nodes: list, show, drain.</summary>
internal static class NodeCommands
{
    public static void AddTo(Command root, Shell shell)
    {
        root.Add(shell.Asks(
            new Command("nodes", "Lists media nodes with their load"),
            (_, conversation, stop) => conversation.ShowAsync<NodeDetails[]>(
                "nodes", nodes => Tables.Nodes(nodes, conversation.Terminal.Time.GetUtcNow()), stop)));

        var node = new Argument<string>("node") { Description = "A media node's name" };
        root.Add(shell.Asks(
            new Command("node", "Shows one media node") { node },
            (parsed, conversation, stop) =>
                conversation.ShowAsync<NodeDetails>(
                    PathOf(parsed.GetValue(node)!), shown => Tables.Node(shown, conversation.Terminal.Time.GetUtcNow()), stop)));

        var undrain = new Option<bool>("--undrain") { Description = "Ends the drain" };
        root.Add(shell.Asks(
            new Command(
                "drain", "Drains a media node: it accepts no new rooms, and its rooms move to other nodes inaudibly") { node, undrain },
            (parsed, conversation, stop) => DrainAsync(conversation, parsed.GetValue(node)!, parsed.GetValue(undrain), stop)));
    }

    private static Task DrainAsync(Conversation conversation, string node, bool undrain, CancellationToken stop) => undrain
        ? conversation.ChangeAsync(HttpMethod.Delete, $"{PathOf(node)}/drain", null, $"{node} accepts rooms again.", stop)
        : conversation.ChangeAsync(
            HttpMethod.Post, $"{PathOf(node)}/drain", null, $"{node} is draining; see its progress with: hype node {node}", stop);

    private static string PathOf(string node) => $"nodes/{PathSegment.Of(node)}";
}
