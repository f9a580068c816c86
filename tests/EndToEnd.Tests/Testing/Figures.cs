namespace Hype.EndToEnd.Tests.Testing;

/// <summary>Writes measured figures to the test's output, and to a file that <c>tests/run</c> prints at its end.</summary>
internal static class Figures
{
    public static void Report(string name, string text)
    {
        File.WriteAllText(Path.Combine(RepositoryPaths.Artifacts("figures"), $"{name}.txt"), text);
        TestContext.Out.WriteLine(text);
    }
}
