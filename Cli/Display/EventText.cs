using System.Text.Json;
using Hype.Cli.Api;

namespace Hype.Cli.Display;

/// <summary>Formats an event of a channel as one line of plain text.</summary>
internal static class EventText
{
    private const string Changed = "changed";
    private const int NameWidth = 9;

    public static string Line(ChannelEvent happened, TimeProvider time)
    {
        var news = JsonSerializer.Deserialize<NewsAnswer>(happened.Data, JsonSerializerOptions.Web) ?? throw new JsonException();
        var at = TimeZoneInfo.ConvertTime(news.At ?? time.GetUtcNow(), time.LocalTimeZone);
        return Words.Printable(
            Words.Invariant($"{at:HH:mm:ss}  {happened.Name.PadRight(NameWidth)} {Describe(news, happened.Name)}").TrimEnd());
    }

    private static string Describe(NewsAnswer news, string name) => news switch
    {
        { Participant: { } participant } => $"{participant.Number} {participant.Name} ({participant.Identity}){State(participant, name)}",
        { Left: { } left } => $"{left.Number} ({left.Identity}): {left.Reason}",
        { Mode: { } mode } =>
            $"{mode.Mode.ToUpperInvariant()}, epoch {mode.Epoch}: {Words.Reason(mode.Reason)}, "
                + $"{(mode.Committed ? "active" : "is being prepared")}",
        { Room: { } room } => $"{room.Room.Node} in {room.Room.Region}, epoch {room.Room.Epoch}: {(room.Open ? "opened" : "closed")}",
        { Settings: { } settings } =>
            $"mode {settings.Mode}, "
                + $"{(settings.MaxParticipants is { } most ? $"at most {most} participants" : "the default number of participants")}",
        { Snapshot: { } snapshot } =>
            $"{snapshot.Participants.Length} participants, {snapshot.Mode.ToUpperInvariant()}, epoch {snapshot.Epoch}",
        // An event kind of a newer gateway.
        _ => "",
    };

    private static string State(ParticipantAnswer participant, string name)
    {
        string[] states = [.. Words.States(participant), .. name == Changed ? [$"quality {participant.Quality}"] : Array.Empty<string>()];
        return states.Length == 0 ? "" : $": {string.Join(", ", states)}";
    }
}
