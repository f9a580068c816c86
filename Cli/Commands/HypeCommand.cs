using System.CommandLine;
using System.CommandLine.Help;
using Hype.Cli.Display;

namespace Hype.Cli.Commands;

/// <summary>All words of <c>hype</c>.</summary>
internal sealed class HypeCommand
{
    private readonly Terminal _terminal;
    private readonly Command _root;

    /// <param name="environment">Variables by name; null for one that is not set.</param>
    public HypeCommand(Terminal terminal, Func<string, string?> environment)
    {
        _terminal = terminal;
        var shell = new Shell(terminal, environment);
        // Not a RootCommand, whose help calls itself after the assembly.
        _root = new Command("hype", "The state of a Hype deployment, and what an administrator does to it.") { new HelpOption(), new VersionOption(), shell.Url, shell.Certificate, shell.Key, shell.Json };
        StatusCommands.AddTo(_root, shell);
        ChannelCommands.AddTo(_root, shell);
        ModerationCommands.AddTo(_root, shell);
        NodeCommands.AddTo(_root, shell);
        TokenCommand.AddTo(_root, shell);
    }

    /// <summary>Does what the arguments ask for; or says all that is wrong with them.</summary>
    public async Task<int> InvokeAsync(string[] args, CancellationToken stop = default)
    {
        var parsed = _root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            // What a command may throw, Shell turns into sentences.
            var invocation = new InvocationConfiguration { Output = _terminal.Output, Error = _terminal.Errors, EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(invocation, stop);
        }

        foreach (var error in parsed.Errors)
            await _terminal.Errors.WriteLineAsync($"hype: {error.Message}");
        await _terminal.Errors.WriteLineAsync("hype: --help lists the commands, and after a command its arguments.");
        return ExitCode.WrongUsage;
    }
}
