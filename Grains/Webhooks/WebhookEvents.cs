using System.Text.Json;
using System.Text.Json.Serialization;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>What happens in channels, as the application's server is told of it.</summary>
internal static class WebhookEvents
{
    public const string Joined = "joined";
    public const string Changed = "changed";
    public const string Left = "left";
    public const string Mode = "mode";
    public const string Room = "room";
    public const string Settings = "settings";

    public static readonly string[] All = [Joined, Changed, Left, Mode, Room, Settings];

    /// <summary>Unless others are asked for: who is there, and how; not each change of somebody's line, nor which node carries it.</summary>
    public static readonly string[] Defaults = [Joined, Left, Mode, Settings];

    /// <summary>Null: of no interest to a receiver, such as a mode that is only being prepared.</summary>
    public static string? NameOf(ChannelHappening what) => what switch
    {
        MemberJoined => Joined,
        MemberChanged => Changed,
        MemberLeft => Left,
        ModeChanged { Committed: true } => Mode,
        RoomAppeared or RoomDisappeared => Room,
        SettingsChanged => Settings,
        _ => null,
    };

    /// <param name="sequence">Counts the events of the channel for the receiver.</param>
    public static WebhookEvent Write(ChannelId channel, ChannelNews news, long sequence)
    {
        var id = $"{channel}/{news.Number}";
        var body = new WebhookBody(id, NameOf(news.What)!, channel.Value, sequence, news.Number, news.At);
        body = news.What switch
        {
            MemberJoined joined => body with { Participant = PersonBody.From(joined.Member) },
            MemberChanged changed => body with { Participant = PersonBody.From(changed.Member) },
            MemberLeft left => body with { Participant = new PersonBody(left.Number, left.Identity), Reason = WireEnum<LeaveReason>.NameOf(left.Reason) },
            ModeChanged { Layout: var layout } => body with { Mode = WireEnum<ChannelMode>.NameOf(layout.Mode), Epoch = layout.Epoch, Reason = WireEnum<ModeReason>.NameOf(layout.Reason) },
            RoomAppeared { Room: var room } => body with { Room = RoomBody.From(room, open: true) },
            RoomDisappeared { Room: var room } => body with { Room = RoomBody.From(room, open: false) },
            SettingsChanged { Settings: var settings } => body with { Settings = new SettingsBody(WireEnum<ModePolicy>.NameOf(settings.Mode), settings.MaxParticipants, settings.Name, settings.Metadata) },
            _ => body,
        };
        return new WebhookEvent(id, JsonSerializer.Serialize(body, WebhookJson.Default.WebhookBody), sequence);
    }
}

/// <summary>An event; of the members after <paramref name="At"/> those are there that belong to it.</summary>
internal sealed record WebhookBody(string Id, string Event, string Channel, long Sequence, long Number, DateTimeOffset At)
{
    public PersonBody? Participant { get; init; }

    public string? Mode { get; init; }

    public LayoutEpoch? Epoch { get; init; }

    public string? Reason { get; init; }

    public RoomBody? Room { get; init; }

    public SettingsBody? Settings { get; init; }
}

internal sealed record PersonBody(MemberNumber Number, string Identity)
{
    public string? Name { get; init; }

    public bool? Muted { get; init; }

    public bool? Deafened { get; init; }

    public bool? ServerMuted { get; init; }

    public bool? Away { get; init; }

    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    public static PersonBody From(Participant participant) => new(participant.Number, participant.Identity)
    {
        Name = participant.Name,
        Muted = participant.Muted,
        Deafened = participant.Deafened,
        ServerMuted = participant.ServerMuted,
        Away = participant.Away,
        Attributes = participant.Attributes,
    };
}

internal sealed record RoomBody(string Region, string Node, RoomEpoch Epoch, bool Open)
{
    public static RoomBody From(RoomAssignment room, bool open) => new(room.Region.Value, room.Node.Value, room.Epoch, open);
}

internal sealed record SettingsBody(string Mode, int? MaxParticipants, string Name, string Metadata);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WebhookJson : JsonSerializerContext;
