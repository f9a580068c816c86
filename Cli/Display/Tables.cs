using Hype.Cli.Api;
using Hype.Gateway.Control.Models;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hype.Cli.Display;

/// <summary>Formats the responses of the REST API as tables, with one method for each type of response.</summary>
internal static class Tables
{
    public static IRenderable Channels(ChannelLine[] channels)
    {
        if (channels.Length == 0)
            return new Text("No channel is open.");
        var table = New("Channel", "Mode", "Epoch", "Why", "Participants");
        foreach (var channel in channels)
            table.AddRow(Words.Plain(channel.Channel), Words.Mode(channel.Mode), $"{channel.Epoch}", Words.Reason(channel.Reason),
                Words.Count(channel.Participants));
        return table;
    }

    public static IRenderable Channel(ChannelAnswer channel, DateTimeOffset now)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Fact(
            "Channel",
            $"[bold]{Words.Plain(channel.Channel)}[/]{(channel.Settings.Name is { Length: > 0 } title ? $"  {Words.Plain(title)}" : "")}");
        Fact(
            "Mode",
            $"{Words.Mode(channel.Mode)} for {Words.Span(channel.Since, now)}: {Words.Reason(channel.Reason)}, epoch {channel.Epoch}");
        if (channel.Pending is { } pending)
            Fact("Switching", $"[yellow]to {Words.Mode(pending.Mode)}[/]: {Words.Reason(pending.Reason)}, epoch {pending.Epoch}");
        var limit = channel.Settings.MaxParticipants is { } most
            ? $"at most {Words.Count(most)} participants" : "the default number of participants";
        Fact("Settings", $"mode {Words.Plain(channel.Settings.Mode)}, {limit}");
        foreach (var room in channel.Rooms)
            Fact("Room", $"{Words.Plain(room.Node)} in {Words.Plain(room.Region)}, epoch {room.Epoch}");

        var participants = New("No.", "Name", "Identity", "State", "Quality");
        foreach (var participant in channel.Participants)
        {
            var name = Words.Plain(participant.Name);
            participants.AddRow(
                $"{participant.Number}",
                participant.Number == channel.Dominant ? $"[bold]{name}[/]" : name,
                Words.Plain(participant.Identity),
                State(participant),
                Words.Plain(participant.Quality));
        }

        return new Rows(facts, participants);

        void Fact(string name, string value) => facts.AddRow(new Markup($"[grey]{name}[/]"), new Markup(value));
    }

    public static IRenderable Bans(BanAnswer[] bans)
    {
        if (bans.Length == 0)
            return new Text("No identity is banned.");
        var table = New("Identity", "Until", "Reason");
        foreach (var ban in bans)
            table.AddRow(Words.Plain(ban.Identity), ban.Until is { } until ? Words.Invariant($"{until:u}") : "", Words.Plain(ban.Reason));
        return table;
    }

    public static IRenderable Restrictions(RestrictionAnswer[] restrictions)
    {
        if (restrictions.Length == 0)
            return new Text("No identity is restricted.");
        var table = New("Identity", "Muted", "Denied grants");
        foreach (var restriction in restrictions)
        {
            table.AddRow(
                Words.Plain(restriction.Identity),
                restriction.ServerMuted ? "yes" : "",
                Words.Plain(string.Join(", ", restriction.Denied)));
        }

        return table;
    }

    public static IRenderable Nodes(NodeDetails[] nodes, DateTimeOffset now)
    {
        if (nodes.Length == 0)
            return new Text("No media node is registered.");
        var table = New("Node", "Region", "Load", "CPU", "Endpoints", "Rooms", "Forwarded", "Heartbeat", "");
        foreach (var node in nodes)
        {
            table.AddRow(
                Words.Plain(node.Node),
                Words.Plain(node.Region),
                Words.Load(node.Load),
                Words.Invariant($"{node.Cpu * 100:0} %"),
                Words.Count(node.Endpoints),
                Words.Count(node.Rooms),
                Words.Count(node.PacketsForwarded),
                Words.Ago(node.LastHeartbeat, now),
                node.Draining ? "[yellow]draining[/]" : "");
        }

        return table;
    }

    public static IRenderable Node(NodeDetails node, DateTimeOffset now)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Fact("Node", $"[bold]{Words.Plain(node.Node)}[/]{(node.Draining ? "  [yellow]draining[/]" : "")}");
        Fact("Region", Words.Plain(node.Region));
        Fact("Version", Words.Plain(node.Version));
        Fact("Load", Words.Load(node.Load));
        Fact("CPU", Words.Invariant($"{node.Cpu * 100:0} %"));
        Fact("Workers", $"{node.Workers}");
        Fact("Endpoints", Words.Count(node.Endpoints));
        Fact("Rooms", Words.Count(node.Rooms));
        Fact(
            "Packets",
            $"{Words.Count(node.PacketsReceived)} received, {Words.Count(node.PacketsForwarded)} forwarded, "
                + $"{Words.Count(node.PacketsDropped)} dropped");
        Fact("Heartbeat", Words.Ago(node.LastHeartbeat, now));
        return facts;

        void Fact(string name, string value) => facts.AddRow(new Markup($"[grey]{name}[/]"), new Markup(value));
    }

    public static IRenderable Regions(RegionGateway[] regions)
    {
        var table = New("Region", "Gateway");
        foreach (var region in regions)
            table.AddRow(Words.Plain(region.Region), region.Url == "/" ? "[grey]this one[/]" : Words.Plain(region.Url));
        return table;
    }

    public static IRenderable Status(HealthDetails health)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Fact("Version", Words.Plain(health.Version));
        Fact("Cluster", Words.Plain(health.Cluster.Provider));
        Fact(
            "Gateway",
            $"{Words.Plain(health.Gateway.Id)} in {Words.Plain(health.Gateway.Region)}, {Words.Count(health.Gateway.Sockets)} "
                + $"{(health.Gateway.Sockets == 1 ? "socket" : "sockets")}");
        Fact(
            "Channels",
            $"{Words.Count(health.Channels.P2p)} {Words.Mode("p2p")}, {Words.Count(health.Channels.Sfu)} {Words.Mode("sfu")}");
        Fact("Participants", Words.Count(health.Participants));

        var table = New("Region", "Nodes", "Draining", "Highest load", "Endpoints", "Rooms");
        foreach (var region in health.Regions)
        {
            table.AddRow(
                Words.Plain(region.Region),
                Words.Count(region.Nodes.Length),
                Words.Count(region.Nodes.Count(node => node.Draining)),
                region.Nodes.Length == 0 ? "[red]no node[/]" : Words.Load(region.Nodes.Max(node => node.Load)),
                Words.Count(region.Nodes.Sum(node => node.Endpoints)),
                Words.Count(region.Nodes.Sum(node => node.Rooms)));
        }

        return new Rows(facts, table);

        void Fact(string name, string value) => facts.AddRow(new Markup($"[grey]{name}[/]"), new Markup(value));
    }

    private static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(new TableColumn($"[grey]{column}[/]") { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        return table;
    }

    private static string State(ParticipantAnswer participant) => string.Join(", ", Words.States(participant).Select(state => state switch
    {
        Words.Away => $"[yellow]{state}[/]",
        Words.Silenced => $"[red]{state}[/]",
        _ => state,
    }));
}
