using System.Runtime.CompilerServices;
using System.Text.Json;
using Hype.Cli.Api;
using Hype.Cli.Display;
using Spectre.Console;

namespace Hype.Cli.Commands;

/// <summary>
/// Follows a channel until it is closed. On a terminal the channel is drawn anew with the latest happenings below; in a pipe each
/// happening is a line.
/// </summary>
internal static class ChannelWatch
{
    /// <summary>Of a stream that broke: a gateway that is started again is back within this many attempts.</summary>
    private const int Attempts = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Conversation conversation, string channel, CancellationToken stop)
    {
        var events = EventsAsync(conversation, channel, stop);
        if (conversation.Json)
            await PrintJsonAsync(conversation, events);
        else if (conversation.Terminal.Console.Profile.Capabilities.Interactive)
            await DrawAsync(conversation, channel, events, stop);
        else
            await PrintLinesAsync(conversation, channel, events, stop);
    }

    private static async Task PrintJsonAsync(Conversation conversation, IAsyncEnumerable<ChannelEvent> events)
    {
        await foreach (var happened in events)
        {
            // The data is JSON already, and stays as it came.
            var id = happened.Id is null ? "" : $"\"id\":{JsonSerializer.Serialize(happened.Id)},";
            await conversation.Terminal.Output.WriteLineAsync($"{{{id}\"event\":{JsonSerializer.Serialize(happened.Name)},\"data\":{happened.Data}}}");
            await conversation.Terminal.Output.FlushAsync();
        }
    }

    private static async Task PrintLinesAsync(Conversation conversation, string channel, IAsyncEnumerable<ChannelEvent> events, CancellationToken stop)
    {
        var terminal = conversation.Terminal;
        terminal.Console.Write(Tables.Channel(await ReadAsync(conversation, channel, stop), terminal.Time.GetUtcNow()));
        await foreach (var happened in events)
        {
            await terminal.Output.WriteLineAsync(EventText.Line(happened, terminal.Time.GetLocalNow()));
            await terminal.Output.FlushAsync();
        }
    }

    private static async Task DrawAsync(Conversation conversation, string channel, IAsyncEnumerable<ChannelEvent> events, CancellationToken stop)
    {
        var terminal = conversation.Terminal;
        var screen = new ChannelScreen(await ReadAsync(conversation, channel, stop));
        await terminal.Console.Live(screen.Draw(terminal.Time.GetUtcNow())).StartAsync(async live =>
        {
            await foreach (var happened in events)
            {
                screen.Note(EventText.Line(happened, terminal.Time.GetLocalNow()));
                if (happened.Name != EventText.Closed)
                    screen.Show(await ReadAsync(conversation, channel, stop));
                live.UpdateTarget(screen.Draw(terminal.Time.GetUtcNow()));
            }
        });
    }

    private static async Task<ChannelAnswer> ReadAsync(Conversation conversation, string channel, CancellationToken stop) =>
        Conversation.Read<ChannelAnswer>(await conversation.Api.GetAsync(ChannelCommands.PathOf(channel), stop));

    /// <summary>The stream, opened again from where it broke.</summary>
    private static async IAsyncEnumerable<ChannelEvent> EventsAsync(Conversation conversation, string channel, [EnumeratorCancellation] CancellationToken stop)
    {
        string? last = null;
        for (var failures = 0; ;)
        {
            await using (var events = conversation.Api.FollowAsync(channel, last, stop).GetAsyncEnumerator(stop))
            {
                while (await NextAsync(events, mayBreak: last is not null && failures < Attempts))
                {
                    failures = 0;
                    last = events.Current.Id ?? last;
                    yield return events.Current;
                    if (events.Current.Name == EventText.Closed)
                        yield break;
                }
            }

            if (failures++ == 0)
                await conversation.Terminal.Errors.WriteLineAsync("hype: the stream broke; going on from where it was.");
            await Task.Delay(Pause, conversation.Terminal.Time, stop);
        }
    }

    /// <param name="mayBreak">False: then that is the end of the watch.</param>
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
