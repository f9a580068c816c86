namespace Hype.Hosting.Starting;

/// <summary>What a process says to whoever started it (docs/operations.md); 0: it was told to stop, and did.</summary>
public static class ExitCode
{
    public const int InvalidConfiguration = 1;
    public const int CannotListen = 2;
    public const int NoDatabase = 3;
    public const int NoCluster = 4;
}
