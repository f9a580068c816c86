using Spectre.Console;

namespace Hype.Cli.Display;

/// <summary>Where results and complaints go.</summary>
/// <param name="Console">Tables for people, on the same stream as <paramref name="Output"/>.</param>
internal sealed record Terminal(IAnsiConsole Console, TextWriter Output, TextWriter Errors, TimeProvider Time)
{
    /// <summary>In a pipe nobody has a width; as wide as a table with long names needs.</summary>
    private const int PipeWidth = 200;

    public static Terminal OfProcess() => System.Console.IsOutputRedirected
        ? Plain(System.Console.Out, System.Console.Error, TimeProvider.System)
        : new Terminal(AnsiConsole.Console, System.Console.Out, System.Console.Error, TimeProvider.System);

    /// <summary>Without colours and without a screen that can be drawn anew, as in a pipe.</summary>
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
