namespace Hype.Cli.Commands;

/// <summary>The exit codes, for scripts.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The server refused the request; standard error has the code and the sentence.</summary>
    public const int Refused = 1;

    /// <summary>The arguments are invalid; nothing was sent.</summary>
    public const int WrongUsage = 2;

    public const int Unreachable = 3;
}
