using System.CommandLine;

namespace Hype.Cli.Commands;

/// <summary>What an administrator does to people in a channel.</summary>
internal static class ModerationCommands
{
    public static void AddTo(Command root, Shell shell)
    {
        var channel = new Argument<string>("channel") { Description = "A channel's id" };
        var number = new Argument<uint>("number") { Description = "The participant's number, as `hype channel` shows it" };
        Participant("kick", "Make somebody leave a channel", (who, where) => $"{who} has left {where}.");
        Participant("mute", "Nobody hears somebody any more, whatever its client does", (who, where) => $"{who} is muted in {where}.");
        Participant("unmute", "Take a mute back", (who, where) => $"{who} may be heard again in {where}.");

        var to = new Argument<string>("to") { Description = "The channel to go on in" };
        root.Add(shell.Asks(
            new Command("move", "Have somebody go on in another channel") { channel, number, to },
            (parsed, conversation, stop) => conversation.OrderAsync(
                HttpMethod.Post,
                $"{PathOf(parsed.GetValue(channel)!, parsed.GetValue(number))}/move",
                new { channel = parsed.GetValue(to) },
                $"{parsed.GetValue(number)} goes on in {parsed.GetValue(to)}.",
                stop)));

        AddBans(root, shell, channel);

        void Participant(string verb, string description, Func<uint, string, string> done) =>
            root.Add(shell.Asks(
                new Command(verb, description) { channel, number },
                (parsed, conversation, stop) => conversation.OrderAsync(
                    HttpMethod.Post,
                    $"{PathOf(parsed.GetValue(channel)!, parsed.GetValue(number))}/{verb}",
                    null,
                    done(parsed.GetValue(number), parsed.GetValue(channel)!),
                    stop)));
    }

    private static void AddBans(Command root, Shell shell, Argument<string> channel)
    {
        var identity = new Argument<string>("identity") { Description = "The identity, as `hype channel` shows it" };
        var reason = new Option<string>("--reason") { Description = "Why; shown to administrators", DefaultValueFactory = _ => "" };
        var length = new Option<TimeSpan?>("--for") { Description = "For how long: 30m, 12h, 7d; without it for ever", HelpName = "time", CustomParser = argument => DurationText.Parse(argument) };
        root.Add(shell.Asks(
            new Command("ban", "Make an identity leave a channel, and keep it out") { channel, identity, reason, length },
            (parsed, conversation, stop) => conversation.OrderAsync(
                HttpMethod.Put,
                BanOf(parsed.GetValue(channel)!, parsed.GetValue(identity)!),
                new { reason = parsed.GetValue(reason), until = parsed.GetValue(length) is { } time ? conversation.Terminal.Time.GetUtcNow() + time : (DateTimeOffset?)null },
                $"{parsed.GetValue(identity)} is banned from {parsed.GetValue(channel)}.",
                stop)));
        root.Add(shell.Asks(
            new Command("unban", "Let an identity in again") { channel, identity },
            (parsed, conversation, stop) => conversation.OrderAsync(
                HttpMethod.Delete,
                BanOf(parsed.GetValue(channel)!, parsed.GetValue(identity)!),
                null,
                $"{parsed.GetValue(identity)} may come into {parsed.GetValue(channel)} again.",
                stop)));
    }

    private static string PathOf(string channel, uint number) => $"{ChannelCommands.PathOf(channel)}/participants/{number}";

    private static string BanOf(string channel, string identity) => $"{ChannelCommands.PathOf(channel)}/bans/{Uri.EscapeDataString(identity)}";
}
