using System.Text.Json;
using System.Text.Json.Serialization;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Webhooks;

namespace Hype.Grains.Webhooks;

/// <summary>Converts channel events to the JSON that webhook receivers get (docs/webhooks.md).</summary>
internal static class WebhookEvents
{
    public const string Joined = "joined";
    public const string Changed = "changed";
    public const string Left = "left";
    public const string Mode = "mode";
    public const string Room = "room";
    public const string Settings = "settings";

    public static readonly string[] All = [Joined, Changed, Left, Mode, Room, Settings];

    /// <summary>
    /// The events that a receiver without a list of its own gets: joins, departures, modes and settings. Changes of participants and of
    /// rooms are not among them.
    /// </summary>
    public static readonly string[] Defaults = [Joined, Left, Mode, Settings];

    /// <summary>
    /// Returns the name of an event for receivers; null if no receiver gets it, for example a mode that is not committed yet.
    /// </summary>
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

    /// <summary>Returns an event as JSON for one receiver, with the receiver's sequence number.</summary>
    /// <param name="sequence">The event's number among the channel's events for the receiver.</param>
    public static WebhookEvent Write(ChannelId channel, ChannelNews news, long sequence)
    {
        var id = $"{channel}/{news.Number}";
        var body = new WebhookBody(id, NameOf(news.What)!, channel.Value, sequence, news.Number, news.At);
        body = news.What switch
        {
            MemberJoined joined => body with { Participant = ParticipantBody.From(joined.Member) },
            MemberChanged changed => body with { Participant = ParticipantBody.From(changed.Member) },
            MemberLeft left => body with
            {
                Participant = new ParticipantBody(left.Number, left.Identity),
                Reason = WireEnum<LeaveReason>.NameOf(left.Reason),
            },
            ModeChanged { Layout: var layout } => body with
            {
                Mode = WireEnum<ChannelMode>.NameOf(layout.Mode),
                Epoch = layout.Epoch,
                Reason = WireEnum<ModeReason>.NameOf(layout.Reason),
            },
            RoomAppeared { Room: var room } => body with { Room = RoomBody.From(room, open: true) },
            RoomDisappeared { Room: var room } => body with { Room = RoomBody.From(room, open: false) },
            SettingsChanged { Settings: var settings } => body with { Settings = SettingsBody.From(settings) },
            _ => body,
        };
        return new WebhookEvent(id, JsonSerializer.Serialize(body, WebhookJson.Default.WebhookBody), sequence);
    }
}

/// <summary>The JSON object of an event. Optional properties that do not belong to the event are omitted.</summary>
internal sealed record WebhookBody(string Id, string Event, string Channel, long Sequence, long Number, DateTimeOffset At)
{
    public ParticipantBody? Participant { get; init; }

    public string? Mode { get; init; }

    public LayoutEpoch? Epoch { get; init; }

    public string? Reason { get; init; }

    public RoomBody? Room { get; init; }

    public SettingsBody? Settings { get; init; }
}

internal sealed record ParticipantBody(MemberNumber Number, string Identity)
{
    public string? Name { get; init; }

    public bool? Muted { get; init; }

    public bool? Deafened { get; init; }

    public bool? ServerMuted { get; init; }

    public bool? Away { get; init; }

    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    public static ParticipantBody From(Participant participant) => new(participant.Number, participant.Identity)
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

internal sealed record SettingsBody(string Mode, int? MaxParticipants, string Name, string Metadata)
{
    public static SettingsBody From(ChannelSettings settings) =>
        new(WireEnum<ModePolicy>.NameOf(settings.Mode), settings.MaxParticipants, settings.Name, settings.Metadata);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WebhookJson : JsonSerializerContext;
