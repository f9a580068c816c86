using Hype.Cli.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hype.Cli.Display;

/// <summary>The display of a watched channel: its state and its latest events.</summary>
internal sealed class ChannelScreen(ChannelAnswer channel)
{
    private const int MaxEvents = 12;

    private readonly Queue<string> _happened = [];
    private ChannelAnswer? _channel = channel;

    /// <param name="channel">Null: the channel is empty.</param>
    public void Show(ChannelAnswer? channel) => _channel = channel;

    public void Note(string line)
    {
        _happened.Enqueue(line);
        if (_happened.Count > MaxEvents)
            _happened.Dequeue();
    }

    public IRenderable Draw(DateTimeOffset now) => new Rows(
    [
        _channel is null ? new Markup("[grey]The channel is empty.[/]") : Tables.Channel(_channel, now),
        .. _happened.Select(line => new Text(line, new Style(Color.Grey))),
        new Markup("[grey]Ctrl-C stops watching.[/]"),
    ]);
}
