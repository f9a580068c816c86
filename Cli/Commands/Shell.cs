using System.CommandLine;
using System.Text.Json;
using Hype.Cli.Access;
using Hype.Cli.Api;
using Hype.Cli.Display;
using Spectre.Console.Rendering;

namespace Hype.Cli.Commands;

/// <summary>The parts that all commands share: options, the connection to the server, and the exit codes of failures.</summary>
internal sealed class Shell(Terminal terminal, Func<string, string?> environment)
{
    public Option<string?> Url { get; } = new("--url")
    {
        Description = $"The gateway; default: {ServerAddress.Variable}, {ServerAddress.ClusterVariable}, or {ServerAddress.Default}",
        HelpName = "address",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Prints the server's JSON unchanged, for scripts",
        Recursive = true,
    };

    public Option<string?> Certificate { get; } = new(ClientCertificate.CertificateOption)
    {
        Description = "A client certificate as PEM, used instead of a token",
        HelpName = "file",
        Recursive = true,
    };

    public Option<string?> Key { get; } = new(ClientCertificate.KeyOption)
    {
        Description = "Its private key as PEM",
        HelpName = "file",
        Recursive = true,
    };

    /// <summary>Gives a command its action: connect to the gateway and run <paramref name="ask"/>.</summary>
    public Command Asks(Command command, Func<ParseResult, Conversation, CancellationToken, Task> ask)
    {
        command.SetAction((parsed, stop) => ExplainAsync(async () =>
        {
            using var certificate = ClientCertificate.Read(parsed.GetValue(Certificate), parsed.GetValue(Key));
            using var api = new ControlApi(
                ServerAddress.Resolve(parsed.GetValue(Url), environment), Credentials.From(environment), terminal.Time, certificate);
            await ask(parsed, new Conversation(api, terminal, parsed.GetValue(Json)), stop);
        }, stop));
        return command;
    }

    /// <summary>
    /// Gives a command its action: run <paramref name="work"/> with the credentials of the environment, without a gateway.
    /// </summary>
    public Command Does(Command command, Func<ParseResult, Credentials, bool, Terminal, Task> work)
    {
        command.SetAction(
            (parsed, stop) => ExplainAsync(() => work(parsed, Credentials.From(environment), parsed.GetValue(Json), terminal), stop));
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
            // Ctrl-C ends a watch.
            return ExitCode.Done;
        }
        catch (RefusedException exception)
        {
            return Say($"{exception.Code}: {exception.Message}", ExitCode.Refused);
        }
        catch (UnreachableException exception)
        {
            return Say(exception.Message, ExitCode.Unreachable);
        }
        catch (JsonException)
        {
            return Say("The answer is not from a gateway of Hype: check the address.", ExitCode.Unreachable);
        }
        catch (WrongUsageException exception)
        {
            return Say(exception.Message, ExitCode.WrongUsage);
        }
    }

    private int Say(string sentence, int code)
    {
        terminal.Errors.WriteLine($"hype: {Words.Printable(sentence)}");
        return code;
    }
}

/// <summary>The gateway that one command calls, and the terminal that it writes to.</summary>
internal sealed record Conversation(ControlApi Api, Terminal Terminal, bool Json)
{
    /// <summary>Sends a query and prints the response: the JSON unchanged if <see cref="Json"/>, otherwise a table.</summary>
    public async Task ShowAsync<T>(string path, Func<T, IRenderable> table, CancellationToken stop)
    {
        var json = await Api.GetAsync(path, stop);
        if (Json)
            await Terminal.Output.WriteLineAsync(json);
        else
            Terminal.Console.Write(table(Read<T>(json)));
    }

    /// <summary>Sends a request that changes something, and prints <paramref name="done"/> when it has succeeded.</summary>
    /// <param name="done">The message; scripts get the JSON of the response instead, if it has any, and the exit code.</param>
    public async Task ChangeAsync(HttpMethod method, string path, object? body, string done, CancellationToken stop)
    {
        var answer = await Api.ChangeAsync(method, path, body, stop);
        if (Json)
        {
            if (answer.Length > 0)
                await Terminal.Output.WriteLineAsync(answer);
            return;
        }

        await Terminal.Output.WriteLineAsync(Words.Printable(done));
        if (answer.Length > 0 && Read<ModerationAnswer>(answer) is var moderation)
        {
            if (moderation.Sessions is { } sessions)
                await Terminal.Output.WriteLineAsync($"Sessions ended: {sessions}.");
            if (moderation.Storage == "notStored")
                await Terminal.Output.WriteLineAsync(Words.NotStored);
        }
    }

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) ?? throw new JsonException();
}
