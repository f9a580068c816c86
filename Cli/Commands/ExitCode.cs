namespace Hype.Cli.Commands;

/// <summary>What scripts branch on.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The server said no; the code and the sentence are on standard error.</summary>
    public const int Refused = 1;

    /// <summary>Nothing was asked.</summary>
    public const int WrongUsage = 2;

    public const int Unreachable = 3;
}
