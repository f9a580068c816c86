using System.Runtime.CompilerServices;
using System.Text.Json;
using Hype.Cli.Api;
using Hype.Cli.Display;
using Spectre.Console;

namespace Hype.Cli.Commands;

/// <summary>
/// Prints a channel and its events until it is cancelled. A terminal shows the channel, redrawn at each event, above the latest events; a
/// pipe gets one line per event.
/// </summary>
internal static class ChannelWatch
{
    /// <summary>The number of consecutive attempts to reopen a broken stream: enough to outlast the restart of a gateway.</summary>
    private const int Attempts = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Conversation conversation, string channel, CancellationToken stop)
    {
        // An unknown channel is more likely a typing error than a channel to wait for.
        var state = await ReadAsync(conversation, channel, stop);
        var events = EventsAsync(conversation, channel, stop);
        if (conversation.Json)
            await PrintJsonAsync(conversation, events);
        else if (conversation.Terminal.Console.Profile.Capabilities.Interactive)
            await DrawAsync(conversation, state, events, stop);
        else
            await PrintLinesAsync(conversation, events);
    }

    private static async Task PrintJsonAsync(Conversation conversation, IAsyncEnumerable<ChannelEvent> events)
    {
        await foreach (var happened in events)
        {
            // The data is JSON already, and stays unchanged.
            var (id, name) = (JsonSerializer.Serialize(happened.Id), JsonSerializer.Serialize(happened.Name));
            await conversation.Terminal.Output.WriteLineAsync($"{{\"id\":{id},\"event\":{name},\"data\":{happened.Data}}}");
            await conversation.Terminal.Output.FlushAsync();
        }
    }

    private static async Task PrintLinesAsync(Conversation conversation, IAsyncEnumerable<ChannelEvent> events)
    {
        var terminal = conversation.Terminal;
        await foreach (var happened in events)
        {
            // The stream starts with a snapshot, and sends another one after a gap.
            if (Conversation.Read<NewsAnswer>(happened.Data) is { Snapshot: { } state })
                terminal.Console.Write(Tables.Channel(state, terminal.Time.GetUtcNow()));
            else
                await terminal.Output.WriteLineAsync(EventText.Line(happened, terminal.Time));
            await terminal.Output.FlushAsync();
        }
    }

    private static async Task DrawAsync(
        Conversation conversation, ChannelAnswer state, IAsyncEnumerable<ChannelEvent> events, CancellationToken stop)
    {
        var terminal = conversation.Terminal;
        var screen = new ChannelScreen(state);
        await terminal.Console.Live(screen.Draw(terminal.Time.GetUtcNow())).StartAsync(async live =>
        {
            await foreach (var happened in events)
            {
                screen.Note(EventText.Line(happened, terminal.Time));
                screen.Show(await TryReadAsync(conversation, state.Channel, stop));
                live.UpdateTarget(screen.Draw(terminal.Time.GetUtcNow()));
            }
        });
    }

    private static async Task<ChannelAnswer> ReadAsync(Conversation conversation, string channel, CancellationToken stop) =>
        Conversation.Read<ChannelAnswer>(await conversation.Api.GetAsync(ChannelCommands.PathOf(channel), stop));

    /// <summary>
    /// Reads the channel's state; returns null if all participants have left, in which case the watch continues until some return.
    /// </summary>
    private static async Task<ChannelAnswer?> TryReadAsync(Conversation conversation, string channel, CancellationToken stop)
    {
        try
        {
            return await ReadAsync(conversation, channel, stop);
        }
        catch (RefusedException exception) when (exception.Code == "unknownChannel")
        {
            return null;
        }
    }

    /// <summary>Yields the channel's events; reopens a broken stream after the last event that it received.</summary>
    private static async IAsyncEnumerable<ChannelEvent> EventsAsync(
        Conversation conversation, string channel, [EnumeratorCancellation] CancellationToken stop)
    {
        string? after = null;
        for (var failures = 0; ;)
        {
            await using (var events = conversation.Api.FollowAsync(channel, after, stop).GetAsyncEnumerator(stop))
            {
                while (await NextAsync(events, mayBreak: failures < Attempts))
                {
                    failures = 0;
                    after = events.Current.Id ?? after;
                    yield return events.Current;
                }
            }

            if (failures++ == 0)
                await conversation.Terminal.Errors.WriteLineAsync("hype: the stream broke; reopening it at the same position.");
            await Task.Delay(Pause, conversation.Terminal.Time, stop);
        }
    }

    /// <param name="mayBreak">False: a broken stream ends the watch.</param>
    private static async Task<bool> NextAsync(IAsyncEnumerator<ChannelEvent> events, bool mayBreak)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (UnreachableException) when (mayBreak)
        {
            return false;
        }
    }
}
