using System.CommandLine;
using System.Text.Json;
using Hype.Cli.Access;
using Hype.Cli.Api;
using Hype.Cli.Display;
using Spectre.Console.Rendering;

namespace Hype.Cli.Commands;

/// <summary>What all commands share: the options, the way to the server, and how failures become exit codes.</summary>
internal sealed class Shell(Terminal terminal, Func<string, string?> environment)
{
    public Option<string?> Url { get; } = new("--url")
    {
        Description = $"The gateway; default: {ServerAddress.Variable}, {ServerAddress.ClusterVariable}, or {ServerAddress.Default}",
        HelpName = "address",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "The server's JSON as it is, for scripts", Recursive = true };

    public Option<string?> Certificate { get; } = new(ClientCertificate.CertificateOption)
    {
        Description = "A client certificate as PEM, shown instead of a token",
        HelpName = "file",
        Recursive = true,
    };

    public Option<string?> Key { get; } = new(ClientCertificate.KeyOption) { Description = "Its private key as PEM", HelpName = "file", Recursive = true };

    /// <summary>A command that asks the server.</summary>
    public Command Asks(Command command, Func<ParseResult, Conversation, CancellationToken, Task> ask)
    {
        command.SetAction((parsed, stop) => ExplainAsync(async () =>
        {
            using var certificate = ClientCertificate.Read(parsed.GetValue(Certificate), parsed.GetValue(Key));
            using var api = new ControlApi(ServerAddress.Resolve(parsed.GetValue(Url), environment), Credentials.From(environment), terminal.Time, certificate);
            await ask(parsed, new Conversation(api, terminal, parsed.GetValue(Json)), stop);
        }, stop));
        return command;
    }

    /// <summary>A command that works without a server, with what the environment gives it.</summary>
    public Command Does(Command command, Func<ParseResult, Credentials, bool, Terminal, Task> work)
    {
        command.SetAction((parsed, stop) => ExplainAsync(() => work(parsed, Credentials.From(environment), parsed.GetValue(Json), terminal), stop));
        return command;
    }

    private async Task<int> ExplainAsync(Func<Task> work, CancellationToken stop)
    {
        try
        {
            await work();
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
            return ExitCode.Done;
        }
        catch (RefusedException refused)
        {
            return Say($"{refused.Code}: {refused.Message}", ExitCode.Refused);
        }
        catch (UnreachableException unreachable)
        {
            return Say(unreachable.Message, ExitCode.Unreachable);
        }
        catch (JsonException)
        {
            return Say("The answer is not what a gateway of Hype says: check the address.", ExitCode.Unreachable);
        }
        catch (WrongUsageException wrong)
        {
            return Say(wrong.Message, ExitCode.WrongUsage);
        }
    }

    private int Say(string sentence, int code)
    {
        terminal.Errors.WriteLine($"hype: {Words.Printable(sentence)}");
        return code;
    }
}

/// <summary>One command's talk with the server, and with whoever typed it.</summary>
internal sealed record Conversation(ControlApi Api, Terminal Terminal, bool Json)
{
    /// <summary>Asks, and shows the answer: as it came for scripts, as a table for people.</summary>
    public async Task ShowAsync<T>(string path, Func<T, IRenderable> table, CancellationToken stop)
    {
        var json = await Api.GetAsync(path, stop);
        if (Json)
            await Terminal.Output.WriteLineAsync(json);
        else
            Terminal.Console.Write(table(Read<T>(json)));
    }

    /// <summary>Has an order carried out, and says that it was.</summary>
    /// <param name="done">For people; scripts have the exit code.</param>
    public async Task OrderAsync(HttpMethod method, string path, object? body, string done, CancellationToken stop)
    {
        await Api.OrderAsync(method, path, body, stop);
        if (!Json)
            await Terminal.Output.WriteLineAsync(Words.Printable(done));
    }

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) ?? throw new JsonException();
}
