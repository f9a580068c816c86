namespace Hype.Cli.Commands;

/// <summary>The exit codes of <c>hype</c>, which scripts can test.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The exit code when the server refused the request; standard error has the error's code and sentence.</summary>
    public const int Refused = 1;

    /// <summary>The exit code when the arguments are invalid; no request was sent.</summary>
    public const int WrongUsage = 2;

    public const int Unreachable = 3;
}
