namespace Hype.Contracts.Tests.Frozen;

/// <summary>
/// Selects whether the tests write the current code into the frozen files instead of only comparing: <c>HYPE_WRITE_DOWN=1</c>.
/// </summary>
internal static class WriteDown
{
    public const string Command =
        "run `HYPE_WRITE_DOWN=1 dotnet test tests/Contracts.Tests --filter FullyQualifiedName~Frozen` and commit what it changes in "
            + "tests/Contracts.Tests/Frozen.";

    public static bool Wanted => Environment.GetEnvironmentVariable("HYPE_WRITE_DOWN") == "1";
}
