using System.CommandLine;
using Hype.Cli.Api;
using Hype.Cli.Display;

namespace Hype.Cli.Commands;

/// <summary>The commands that moderate a channel: mute, kick, move, ban and others.</summary>
internal static class ModerationCommands
{
    public static void AddTo(Command root, Shell shell)
    {
        var channel = new Argument<string>("channel") { Description = "A channel's id" };
        var number = new Argument<uint>("number") { Description = "The participant's number, as `hype channel` shows it" };
        Participant("kick", "Removes a participant from a channel", (participant, place) => $"{participant} has left {place}.");
        Participant(
            "mute", "Mutes a participant; its client cannot undo it", (participant, place) => $"{participant} is muted in {place}.");
        Participant("unmute", "Ends such a mute", (participant, place) => $"{participant} is no longer muted in {place}.");

        var to = new Argument<string>("to") { Description = "The destination channel" };
        root.Add(shell.Asks(
            new Command("move", "Moves a participant to another channel") { channel, number, to },
            (parsed, conversation, stop) => conversation.ChangeAsync(
                HttpMethod.Post,
                $"{PathOf(parsed.GetValue(channel)!, parsed.GetValue(number))}/move",
                new { channel = parsed.GetValue(to) },
                $"{parsed.GetValue(number)} moved to {parsed.GetValue(to)}.",
                stop)));

        var identity = new Argument<string>("identity") { Description = "The identity, as `hype channel` shows it" };
        AddBans(root, shell, channel, identity);
        AddRestrictions(root, shell, channel, identity);

        void Participant(string verb, string description, Func<uint, string, string> done) =>
            root.Add(shell.Asks(
                new Command(verb, description) { channel, number },
                (parsed, conversation, stop) => conversation.ChangeAsync(
                    HttpMethod.Post,
                    $"{PathOf(parsed.GetValue(channel)!, parsed.GetValue(number))}/{verb}",
                    null,
                    done(parsed.GetValue(number), parsed.GetValue(channel)!),
                    stop)));
    }

    private static void AddBans(Command root, Shell shell, Argument<string> channel, Argument<string> identity)
    {
        var reason = new Option<string>("--reason") { Description = "The reason; shown to administrators", DefaultValueFactory = _ => "" };
        var length = new Option<TimeSpan?>("--for")
        {
            Description = "The duration: 30m, 12h, 7d; without it the ban is permanent",
            HelpName = "time",
            CustomParser = argument => DurationText.Parse(argument)
        };
        root.Add(shell.Asks(
            new Command("ban", "Bans an identity from a channel") { channel, identity, reason, length },
            (parsed, conversation, stop) => conversation.ChangeAsync(
                HttpMethod.Put,
                BanOf(parsed.GetValue(channel)!, parsed.GetValue(identity)!),
                new
                {
                    reason = parsed.GetValue(reason),
                    until = conversation.Terminal.Time.GetUtcNow() + parsed.GetValue(length),
                },
                $"{parsed.GetValue(identity)} is banned from {parsed.GetValue(channel)}.",
                stop)));
        root.Add(shell.Asks(
            new Command("unban", "Lifts a ban") { channel, identity },
            (parsed, conversation, stop) => conversation.ChangeAsync(
                HttpMethod.Delete,
                BanOf(parsed.GetValue(channel)!, parsed.GetValue(identity)!),
                null,
                $"{parsed.GetValue(identity)} is no longer banned from {parsed.GetValue(channel)}.",
                stop)));
        root.Add(shell.Asks(
            new Command("bans", "Lists the bans of a channel") { channel },
            (parsed, conversation, stop) => conversation.ShowAsync<BanAnswer[]>(
                $"{ChannelCommands.PathOf(parsed.GetValue(channel)!)}/bans", Tables.Bans, stop)));
        root.Add(shell.Asks(
            new Command("revoke", "Revokes all tokens of an identity, and ends its sessions") { identity },
            (parsed, conversation, stop) => conversation.ChangeAsync(
                HttpMethod.Post,
                $"identities/{PathSegment.Of(parsed.GetValue(identity)!)}/revoke",
                null,
                $"All tokens of {parsed.GetValue(identity)} issued until now are revoked.",
                stop)));
    }

    private static void AddRestrictions(Command root, Shell shell, Argument<string> channel, Argument<string> identity)
    {
        root.Add(shell.Asks(
            new Command("restrictions", "Lists the mutes and denied grants of a channel, also of absent identities") { channel },
            (parsed, conversation, stop) => conversation.ShowAsync<RestrictionAnswer[]>(
                RestrictionsOf(parsed.GetValue(channel)!), Tables.Restrictions, stop)));
        root.Add(shell.Asks(
            new Command("lift", "Lifts the mute and the denied grants of an identity, also of an absent one") { channel, identity },
            (parsed, conversation, stop) => conversation.ChangeAsync(
                HttpMethod.Delete,
                $"{RestrictionsOf(parsed.GetValue(channel)!)}/{PathSegment.Of(parsed.GetValue(identity)!)}",
                null,
                $"{parsed.GetValue(identity)} is no longer restricted in {parsed.GetValue(channel)}.",
                stop)));
    }

    private static string RestrictionsOf(string channel) => $"{ChannelCommands.PathOf(channel)}/restrictions";

    private static string PathOf(string channel, uint number) => $"{ChannelCommands.PathOf(channel)}/participants/{number}";

    private static string BanOf(string channel, string identity) =>
        $"{ChannelCommands.PathOf(channel)}/bans/{PathSegment.Of(identity)}";
}
