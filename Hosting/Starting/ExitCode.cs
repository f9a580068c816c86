namespace Hype.Hosting.Starting;

/// <summary>The exit codes of a process (docs/operations.md). A process that stopped on request exits with 0.</summary>
public static class ExitCode
{
    public const int InvalidConfiguration = 1;
    public const int CannotListen = 2;
    public const int NoDatabase = 3;
    public const int NoCluster = 4;
    public const int LostCluster = 5;
}
