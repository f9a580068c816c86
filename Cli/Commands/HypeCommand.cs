using System.CommandLine;
using System.CommandLine.Help;
using Hype.Cli.Display;

namespace Hype.Cli.Commands;

/// <summary>The command <c>hype</c> with all its subcommands and options.</summary>
internal sealed class HypeCommand
{
    private readonly Terminal _terminal;
    private readonly Command _root;

    /// <param name="environment">Returns a variable by name; null: not set.</param>
    public HypeCommand(Terminal terminal, Func<string, string?> environment)
    {
        _terminal = terminal;
        var shell = new Shell(terminal, environment);
        // Not a RootCommand: its help would use the assembly's name.
        _root = new Command("hype", "Shows and administers a Hype deployment.") { new HelpOption(), new VersionOption(), shell.Url,
            shell.Certificate, shell.Key, shell.Json };
        StatusCommands.AddTo(_root, shell);
        ChannelCommands.AddTo(_root, shell);
        ModerationCommands.AddTo(_root, shell);
        NodeCommands.AddTo(_root, shell);
        TokenCommand.AddTo(_root, shell);
    }

    /// <summary>Parses the arguments and runs the command; if arguments are invalid, prints an error for each and runs nothing.</summary>
    public async Task<int> InvokeAsync(string[] args, CancellationToken stop = default)
    {
        var parsed = _root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            // Shell turns the exceptions of commands into sentences.
            var invocation = new InvocationConfiguration
            {
                Output = _terminal.Output,
                Error = _terminal.Errors,
                EnableDefaultExceptionHandler = false
            };
            return await parsed.InvokeAsync(invocation, stop);
        }

        foreach (var error in parsed.Errors)
            await _terminal.Errors.WriteLineAsync($"hype: {error.Message}");
        await _terminal.Errors.WriteLineAsync("hype: --help lists the commands, and after a command its arguments.");
        return ExitCode.WrongUsage;
    }
}
