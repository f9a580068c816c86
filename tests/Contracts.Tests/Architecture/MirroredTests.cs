using Hype.Contracts.Tests.Source;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hype.Contracts.Tests.Architecture;

/// <summary>Each class of a channel has its test file at the same path in the test project.</summary>
public sealed class MirroredTests
{
    private const string Product = "Grains/Channels/";
    private const string Tests = "tests/Grains.Tests/Channels/";

    private static readonly SourceFile[] Classes =
        [.. SourceFile.All.Value.Where(file => file.Is("cs") && file.Path.StartsWith(Product, StringComparison.Ordinal)).Where(HasLogic)];

    [Test]
    public void Class_of_a_channel_has_a_test_file_at_the_same_path()
    {
        var missing = Classes.Select(file => file.Path[Product.Length..]).Where(path => !HasTests(path));
        Assert.That(missing, Is.Empty, $"write the test file at the same path below {Tests}");
    }

    [TestCase("sealed record Point(int X) { public int Y => X; }", ExpectedResult = false, Description = "data")]
    [TestCase("sealed class Options { public int X { get; init; } = 3; }", ExpectedResult = false, Description = "data")]
    [TestCase("interface IPlan { int Next(int x); }", ExpectedResult = false, Description = "an interface")]
    [TestCase("enum Way { One }", ExpectedResult = false, Description = "names")]
    [TestCase("sealed class Plan { public int Next(int x) => x + 1; }", ExpectedResult = true)]
    [TestCase("sealed class Plan(int x) { public int Next { get { return x; } } }", ExpectedResult = true)]
    [TestCase("abstract record Plan { internal sealed record Leaf { public int Next(int x) => x; } }", ExpectedResult = true)]
    [TestCase("partial class Plan { [LoggerMessage] private partial void LogNext(int x); }", ExpectedResult = false)]
    public bool Methods_and_accessors_with_a_body_are_logic(string source) => HasLogic(new SourceFile("Plan.cs", source));

    private static bool HasLogic(SourceFile file) =>
        file.Syntax.DescendantNodes().Any(node => node switch
        {
            MethodDeclarationSyntax method => (method.Body ?? (object?)method.ExpressionBody) is not null,
            AccessorDeclarationSyntax accessor => (accessor.Body ?? (object?)accessor.ExpressionBody) is not null,
            _ => false,
        });

    /// <summary>True if the mirrored file exists and contains a test.</summary>
    private static bool HasTests(string path) =>
        SourceFile.All.Value.SingleOrDefault(file => file.Path == $"{Tests}{path[..^".cs".Length]}Tests.cs") is { } tests
        && tests.Syntax.DescendantNodes().OfType<AttributeSyntax>().Any(attribute =>
            attribute.Name.ToString() is "Test" or "TestCase" or "TestCaseSource");
}
