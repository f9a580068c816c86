using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Control.Models;

/// <summary>A channel with the reasons for its mode and for the nodes of its rooms.</summary>
/// <param name="Channel">The channel now.</param>
/// <param name="ModeBecause">The reason for the mode, in a sentence.</param>
/// <param name="Rooms">The rooms with their reasons.</param>
/// <param name="Links">The links between rooms.</param>
/// <param name="History">The newest changes of mode, rooms and settings, the oldest first.</param>
internal sealed record ExplanationDetails(
    ChannelDetails Channel, string ModeBecause, RoomExplanationDetails[] Rooms, LinkDetails[] Links, NewsDetails[] History)
{
    public static ExplanationDetails From(ChannelExplanation explanation) => new(
        ChannelDetails.From(explanation.Snapshot),
        Explanations.Of(explanation.Mode, explanation.Snapshot.Current),
        [.. explanation.Rooms.Select(RoomExplanationDetails.From)],
        [.. explanation.Links.Select(link => new LinkDetails(link.Low, link.High, link.Up))],
        [.. explanation.History.Select(NewsDetails.From)]);
}

/// <summary>A room of a channel with the reason for its node, its members and its speakers.</summary>
/// <param name="Region">The node's region.</param>
/// <param name="Node">The media node.</param>
/// <param name="Epoch">The room's epoch.</param>
/// <param name="Because">The reason for the node, in a sentence.</param>
/// <param name="Serves">The regions whose members have their endpoints in the room.</param>
/// <param name="Members">The numbers of these members.</param>
/// <param name="Draining">The node is draining.</param>
/// <param name="Slots">For each slot the number of its current speaker; 0: no speaker.</param>
internal sealed record RoomExplanationDetails(
    string Region,
    string Node,
    RoomEpoch Epoch,
    string Because,
    string[] Serves,
    MemberNumber[] Members,
    bool Draining,
    MemberNumber[] Slots)
{
    public static RoomExplanationDetails From(RoomExplanation room) => new(
        room.Room.Region.Value,
        room.Room.Node.Value,
        room.Room.Epoch,
        Explanations.Of(room.Reason),
        [.. room.Serves.Select(region => region.Value)],
        [.. room.Members],
        room.Draining,
        [.. room.Slots]);
}

/// <summary>A link between two rooms.</summary>
/// <param name="Low">The epoch of the older room.</param>
/// <param name="High">The epoch of the newer room.</param>
/// <param name="Up">The link is connected.</param>
internal sealed record LinkDetails(RoomEpoch Low, RoomEpoch High, bool Up);

/// <summary>An event of a channel, or a snapshot; exactly one of the members after <paramref name="At"/> is set.</summary>
/// <param name="Event"><c>snapshot</c>, <c>joined</c>, <c>changed</c>, <c>left</c>, <c>mode</c>, <c>room</c> or <c>settings</c>.</param>
internal sealed record NewsDetails(
    string Event,
    long Number,
    DateTimeOffset? At,
    ChannelDetails? Snapshot = null,
    ParticipantDetails? Participant = null,
    LeftDetails? Left = null,
    ModeDetails? Mode = null,
    RoomNewsDetails? Room = null,
    SettingsBody? Settings = null)
{
    public static IEnumerable<NewsDetails> From(ChannelReading reading) => reading.Snapshot is { } snapshot
        ? [new NewsDetails("snapshot", reading.Newest, null, Snapshot: ChannelDetails.From(snapshot))]
        : reading.News.Select(From);

    public static NewsDetails From(ChannelNews news) => news.What switch
    {
        MemberJoined joined => new("joined", news.Number, news.At, Participant: ParticipantDetails.From(joined.Member)),
        MemberChanged changed => new("changed", news.Number, news.At, Participant: ParticipantDetails.From(changed.Member)),
        MemberLeft left => new("left", news.Number, news.At, Left: new LeftDetails(left.Number, left.Identity, left.Reason)),
        ModeChanged mode => new("mode", news.Number, news.At, Mode: ModeDetails.From(mode)),
        RoomAppeared room => new("room", news.Number, news.At, Room: new RoomNewsDetails(RoomDetails.From(room.Room), Open: true)),
        RoomDisappeared room => new("room", news.Number, news.At, Room: new RoomNewsDetails(RoomDetails.From(room.Room), Open: false)),
        SettingsChanged settings => new("settings", news.Number, news.At, Settings: SettingsBody.From(settings.Settings)),
        // A newer silo may publish other events.
        _ => new("other", news.Number, news.At),
    };
}

internal sealed record LeftDetails(MemberNumber Number, string Identity, LeaveReason Reason);

/// <summary>A layout that was opened or committed.</summary>
/// <param name="Mode">The layout's mode.</param>
/// <param name="Epoch">The layout's epoch.</param>
/// <param name="Reason">The reason for the change.</param>
/// <param name="Committed">False: members prepare the layout.</param>
internal sealed record ModeDetails(ChannelMode Mode, LayoutEpoch Epoch, ModeReason Reason, bool Committed)
{
    public static ModeDetails From(ModeChanged change) =>
        new(change.Layout.Mode, change.Layout.Epoch, change.Layout.Reason, change.Committed);
}

internal sealed record RoomNewsDetails(RoomDetails Room, bool Open);
