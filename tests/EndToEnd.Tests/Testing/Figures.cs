namespace Hype.EndToEnd.Tests.Testing;

/// <summary>Reports measured figures in the test's output, and in a file that <c>tests/run</c> prints at its end.</summary>
internal static class Figures
{
    public static void Report(string name, string text)
    {
        File.WriteAllText(Path.Combine(RepositoryPaths.Artifacts("figures"), $"{name}.txt"), text);
        TestContext.Out.WriteLine(text);
    }
}
