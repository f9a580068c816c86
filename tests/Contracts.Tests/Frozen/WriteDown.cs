namespace Hype.Contracts.Tests.Frozen;

/// <summary>Writes new lines into the frozen files.</summary>
internal static class WriteDown
{
    public const string Command =
        "run `HYPE_WRITE_DOWN=1 dotnet test tests/Contracts.Tests --filter FullyQualifiedName~Frozen` and commit what it changes in "
            + "tests/Contracts.Tests/Frozen.";

    public static bool Wanted => Environment.GetEnvironmentVariable("HYPE_WRITE_DOWN") == "1";
}
