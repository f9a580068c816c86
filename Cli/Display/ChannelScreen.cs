using Hype.Cli.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hype.Cli.Display;

/// <summary>A watched channel: how it is, and the latest that happened in it.</summary>
internal sealed class ChannelScreen(ChannelAnswer channel)
{
    private const int Kept = 12;

    private readonly Queue<string> _happened = [];
    private ChannelAnswer? _channel = channel;

    /// <param name="channel">Null: nobody is in it any more.</param>
    public void Show(ChannelAnswer? channel) => _channel = channel;

    public void Note(string line)
    {
        _happened.Enqueue(line);
        if (_happened.Count > Kept)
            _happened.Dequeue();
    }

    public IRenderable Draw(DateTimeOffset now) => new Rows(
    [
        _channel is null ? new Markup("[grey]Nobody is in it.[/]") : Tables.Channel(_channel, now),
        .. _happened.Select(line => new Text(line, new Style(Color.Grey))),
        new Markup("[grey]Ctrl-C ends it.[/]"),
    ]);
}
