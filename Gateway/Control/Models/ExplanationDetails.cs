using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Control.Models;

/// <summary>Why a channel is as it is.</summary>
/// <param name="ModeBecause">A sentence.</param>
/// <param name="History">The newest modes, rooms and settings, the oldest of them first.</param>
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

/// <param name="Serves">Regions whose members have their transports in it.</param>
/// <param name="Members">Their numbers.</param>
/// <param name="Slots">By slot, the number of who is heard in it now; 0: nobody.</param>
internal sealed record RoomExplanationDetails(string Region, string Node, RoomEpoch Epoch, string Because, string[] Serves, MemberNumber[] Members, bool Leaving, MemberNumber[] Slots)
{
    public static RoomExplanationDetails From(RoomExplanation room) => new(
        room.Room.Region.Value,
        room.Room.Node.Value,
        room.Room.Epoch,
        Explanations.Of(room.Reason),
        [.. room.Serves.Select(region => region.Value)],
        [.. room.Members],
        room.Leaving,
        [.. room.Slots]);
}

/// <param name="Low">Epoch of one room.</param>
/// <param name="High">Epoch of the other.</param>
internal sealed record LinkDetails(RoomEpoch Low, RoomEpoch High, bool Up);

/// <summary>Something that happened, or how everything is: one of the members after <paramref name="At"/> says what.</summary>
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
        ModeChanged mode => new("mode", news.Number, news.At, Mode: new ModeDetails(mode.Layout.Mode, mode.Layout.Epoch, mode.Layout.Reason, mode.Committed)),
        RoomAppeared room => new("room", news.Number, news.At, Room: new RoomNewsDetails(RoomDetails.From(room.Room), Open: true)),
        RoomDisappeared room => new("room", news.Number, news.At, Room: new RoomNewsDetails(RoomDetails.From(room.Room), Open: false)),
        SettingsChanged settings => new("settings", news.Number, news.At, Settings: SettingsBody.From(settings.Settings)),
        // Of a newer silo.
        _ => new("other", news.Number, news.At),
    };
}

internal sealed record LeftDetails(MemberNumber Number, string Identity, LeaveReason Reason);

/// <param name="Committed">False: it is being prepared.</param>
internal sealed record ModeDetails(ChannelMode Mode, LayoutEpoch Epoch, ModeReason Reason, bool Committed);

internal sealed record RoomNewsDetails(RoomDetails Room, bool Open);
