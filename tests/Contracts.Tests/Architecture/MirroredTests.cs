using Hype.Contracts.Tests.Source;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hype.Contracts.Tests.Architecture;

/// <summary>Tests that each class of Grains/Channels that contains logic has a test file at the same path in Grains.Tests.</summary>
public sealed class MirroredTests
{
    private const string Product = "Grains/Channels/";
    private const string Tests = "tests/Grains.Tests/Channels/";

    private static readonly SourceFile[] Classes =
        [.. SourceFile.All.Value.Where(file => file.Is("cs") && file.Path.StartsWith(Product, StringComparison.Ordinal)).Where(HasLogic)];

    [Test]
    public void Class_with_logic_in_the_Channels_folder_has_a_test_file_at_the_same_path()
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
    public bool Only_types_with_a_method_or_accessor_body_contain_logic(string source) => HasLogic(new SourceFile("Plan.cs", source));

    private static bool HasLogic(SourceFile file) =>
        file.Syntax.DescendantNodes().Any(node => node switch
        {
            MethodDeclarationSyntax method => (method.Body ?? (object?)method.ExpressionBody) is not null,
            AccessorDeclarationSyntax accessor => (accessor.Body ?? (object?)accessor.ExpressionBody) is not null,
            _ => false,
        });

    /// <summary>Returns true if the test file at the same path exists and contains a test.</summary>
    private static bool HasTests(string path) =>
        SourceFile.All.Value.SingleOrDefault(file => file.Path == $"{Tests}{path[..^".cs".Length]}Tests.cs") is { } tests
        && tests.Syntax.DescendantNodes().OfType<AttributeSyntax>().Any(attribute =>
            attribute.Name.ToString() is "Test" or "TestCase" or "TestCaseSource");
}
