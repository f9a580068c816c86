using System.CommandLine;
using Hype.Cli.Api;
using Hype.Cli.Display;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hype.Cli.Commands;

/// <summary>The commands for channels: list, show, watch, close.</summary>
internal static class ChannelCommands
{
    private const int DefaultLimit = 100;

    public static void AddTo(Command root, Shell shell)
    {
        var prefix = new Option<string?>("--prefix") { Description = "Only channels with this prefix" };
        var after = new Option<string?>("--after") { Description = "The last channel of the previous page", HelpName = "channel" };
        var limit = new Option<int>("--limit") { Description = "Channels per page", DefaultValueFactory = _ => DefaultLimit };
        root.Add(shell.Asks(
            new Command("channels", "Lists open channels by name") { prefix, after, limit },
            (parsed, conversation, stop) => ListAsync(
                conversation, parsed.GetValue(prefix), parsed.GetValue(after), parsed.GetValue(limit), stop)));

        var channel = new Argument<string>("channel") { Description = "A channel's id" };
        var watch = new Option<bool>("--watch") { Description = "Continue, and show events until Ctrl-C" };
        root.Add(shell.Asks(
            new Command("channel", "Shows one channel with its participants") { channel, watch },
            (parsed, conversation, stop) => parsed.GetValue(watch)
                ? ChannelWatch.RunAsync(conversation, parsed.GetValue(channel)!, stop)
                : conversation.ShowAsync<ChannelAnswer>(
                    PathOf(parsed.GetValue(channel)!), shown => Tables.Channel(shown, conversation.Terminal.Time.GetUtcNow()), stop)));

        root.Add(shell.Asks(
            new Command("close", "Closes a channel: all participants leave it") { channel },
            (parsed, conversation, stop) =>
                conversation.ChangeAsync(
                    HttpMethod.Delete, PathOf(parsed.GetValue(channel)!), null, $"{parsed.GetValue(channel)} is closed.", stop)));
    }

    public static string PathOf(string channel) => $"channels/{PathSegment.Of(channel)}";

    private static Task ListAsync(Conversation conversation, string? prefix, string? after, int limit, CancellationToken stop)
    {
        var query = $"?limit={limit}"
            + (prefix is null ? "" : $"&prefix={Uri.EscapeDataString(prefix)}")
            + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
        return conversation.ShowAsync<ChannelLine[]>("channels" + query, channels => WithNextPage(channels, limit), stop);
    }

    private static IRenderable WithNextPage(ChannelLine[] channels, int limit) => channels.Length < limit
        ? Tables.Channels(channels)
        : new Rows(Tables.Channels(channels), new Markup($"[grey]There may be more: --after {Words.Plain(channels[^1].Channel)}[/]"));
}
