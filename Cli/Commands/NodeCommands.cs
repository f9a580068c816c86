using System.CommandLine;
using Hype.Cli.Api;
using Hype.Cli.Display;

namespace Hype.Cli.Commands;

/// <summary>Media nodes, and emptying one.</summary>
internal static class NodeCommands
{
    public static void AddTo(Command root, Shell shell)
    {
        root.Add(shell.Asks(
            new Command("nodes", "All media nodes with their load"),
            (_, conversation, stop) => conversation.ShowAsync<NodeAnswer[]>("nodes", nodes => Tables.Nodes(nodes, conversation.Terminal.Time.GetUtcNow()), stop)));

        var node = new Argument<string>("node") { Description = "A media node's name" };
        root.Add(shell.Asks(
            new Command("node", "One media node") { node },
            (parsed, conversation, stop) =>
                conversation.ShowAsync<NodeAnswer>(PathOf(parsed.GetValue(node)!), shown => Tables.Node(shown, conversation.Terminal.Time.GetUtcNow()), stop)));

        var undrain = new Option<bool>("--undrain") { Description = "Take the order back" };
        root.Add(shell.Asks(
            new Command("drain", "Empty a media node: no new rooms on it, and those it has move to others, unheard") { node, undrain },
            (parsed, conversation, stop) => DrainAsync(conversation, parsed.GetValue(node)!, parsed.GetValue(undrain), stop)));
    }

    private static Task DrainAsync(Conversation conversation, string node, bool undrain, CancellationToken stop) => undrain
        ? conversation.OrderAsync(HttpMethod.Delete, $"{PathOf(node)}/drain", null, $"{node} takes rooms again.", stop)
        : conversation.OrderAsync(HttpMethod.Post, $"{PathOf(node)}/drain", null, $"{node} is being emptied; see how far it is: hype node {node}", stop);

    private static string PathOf(string node) => $"nodes/{Uri.EscapeDataString(node)}";
}
