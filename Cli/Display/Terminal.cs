using Spectre.Console;

namespace Hype.Cli.Display;

/// <summary>The streams on which a command writes results and errors.</summary>
/// <param name="Console">Tables, on the same stream as <paramref name="Output"/>.</param>
internal sealed record Terminal(IAnsiConsole Console, TextWriter Output, TextWriter Errors, TimeProvider Time)
{
    /// <summary>The width of the output in a pipe, in characters: enough for a table with long names.</summary>
    private const int PipeWidth = 200;

    public static Terminal OfProcess() => System.Console.IsOutputRedirected
        ? Plain(System.Console.Out, System.Console.Error, TimeProvider.System)
        : new Terminal(AnsiConsole.Console, System.Console.Out, System.Console.Error, TimeProvider.System);

    /// <summary>Creates a terminal that writes plain text, without colours and without redrawing, as into a pipe.</summary>
    public static Terminal Plain(TextWriter output, TextWriter errors, TimeProvider time)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = PipeWidth;
        return new Terminal(console, output, errors, time);
    }
}
