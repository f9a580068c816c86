using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Hype.Cli.Access;
using Hype.Cli.Display;
using Hype.Grains.Abstractions.Identifiers;

namespace Hype.Cli.Commands;

/// <summary>The command that signs tokens with the API key, without a gateway.</summary>
internal static class TokenCommand
{
    private const int MaxIdentity = 128;
    private const int MaxChannel = 64;

    private static readonly string[] Grants = ["join", "speak", "listen", "moderate"];

    public static void AddTo(Command root, Shell shell)
    {
        var identity = new Option<string>("--identity")
        {
            Description = "The identity, 1-128 characters",
            Required = true,
            CustomParser = Identity,
        };
        var channel = new Option<string>("--channel")
        {
            Description = "A channel, a prefix that ends with *, or * for all",
            Required = true,
            CustomParser = Channel,
        };
        var grants = new Option<string[]>("--grants")
        {
            Description = $"Any of {string.Join(',', Grants)}, separated by commas",
            DefaultValueFactory = _ => ["join", "speak", "listen"],
            CustomParser = Words
        };
        var name = new Option<string?>("--name") { Description = "The displayed name; default: the identity" };
        var ttl = new Option<TimeSpan>("--ttl")
        {
            Description = "The lifetime: 90s, 30m, 12h, 7d",
            HelpName = "time",
            DefaultValueFactory = _ => TimeSpan.FromHours(1),
            CustomParser = DurationText.Parse
        };
        root.Add(shell.Does(
            new Command("token", $"Signs a token with the key of {Credentials.KeyIdVariable} and {Credentials.SecretVariable}") { identity,
                channel, grants, name, ttl },
            (parsed, credentials, json, terminal) => PrintAsync(
                new TokenRequest(parsed.GetValue(identity)!, parsed.GetValue(name) ?? parsed.GetValue(identity)!,
                    parsed.GetValue(channel)!, parsed.GetValue(grants)!, parsed.GetValue(ttl)),
                credentials,
                json,
                terminal)));
    }

    private static Task PrintAsync(TokenRequest request, Credentials credentials, bool json, Terminal terminal)
    {
        var key = credentials.Key ?? throw new WrongUsageException(
            $"A token is signed with an API key: set {Credentials.KeyIdVariable} and {Credentials.SecretVariable}.");
        var minted = key.Mint(request, terminal.Time);
        return terminal.Output.WriteLineAsync(json ? JsonSerializer.Serialize(minted, JsonSerializerOptions.Web) : minted.Token);
    }

    private static string Identity(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (PrintableText.FlawOfIdentifier(text, MaxIdentity) is { } flaw)
            argument.AddError($"--identity {flaw}");
        return text;
    }

    private static string Channel(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        var stem = text.EndsWith('*') ? text[..^1] : text;
        if (text == "*")
            return text;
        if (PrintableText.FlawOfIdentifier(stem, MaxChannel) is { } flaw)
            argument.AddError($"--channel {flaw}");
        else if (stem.Contains('*', StringComparison.Ordinal))
            argument.AddError("--channel may have '*' only at the end.");
        return text;
    }

    private static string[] Words(ArgumentResult argument)
    {
        string[] words = [.. argument.Tokens.SelectMany(
            token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()];
        foreach (var word in words.Except(Grants))
            argument.AddError($"--grants takes {string.Join(", ", Grants)}; '{word}' is none of them.");
        if (words.Length == 0)
            argument.AddError($"--grants takes at least one of {string.Join(", ", Grants)}.");
        return words;
    }
}
