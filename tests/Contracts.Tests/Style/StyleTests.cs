using Hype.Contracts.Tests.Source;

namespace Hype.Contracts.Tests.Style;

/// <summary>
/// Tests the coding style of the whole repository; <c>.editorconfig</c> and the analyzers of the .NET SDK check the rest of it.
/// </summary>
public sealed class StyleTests
{
    private static IEnumerable<SourceFile> Files => SourceFile.All.Value;

    [Test]
    public void Lines_end_before_column_140() => AssertFollowed(Files, StyleRules.LongLines);

    [Test]
    public void Statement_without_braces_starts_on_the_line_after_the_condition() =>
        AssertFollowed(Code, StyleRules.StatementsBesideTheirCondition);

    [Test]
    public void Body_with_a_single_one_line_statement_has_no_braces() => AssertFollowed(Code, StyleRules.BracesAroundOneLine);

    [Test]
    public void Guard_clause_is_not_followed_by_a_blank_line() => AssertFollowed(Code, StyleRules.BlankLinesAfterGuards);

    [Test]
    public void Caught_exception_variable_is_named_exception() => AssertFollowed(Code, StyleRules.OtherNamesOfExceptions);

    [Test]
    public void LoggerMessage_attribute_sets_Level_and_Message_as_named_arguments() =>
        AssertFollowed(Code, StyleRules.OtherFormsOfLogMessages);

    [Test]
    public void Nested_types_come_after_the_other_members() => AssertFollowed(Code, StyleRules.NestedTypesBeforeMembers);

    [TestCase("class A { void B() { if (true) return; } }", 1, 0, 0, 0, 0, 0)]
    [TestCase("class A { void B() { if (true)\n{\nB();\n} } }", 0, 1, 0, 0, 0, 0)]
    [TestCase("class A { void B() { if (true)\n{\nB();\n} else\n{\nB();\nB();\n} } }", 0, 0, 0, 0, 0, 0)]
    [TestCase("class A { void B() { if (true)\n{\n// why\nB();\n} } }", 0, 0, 0, 0, 0, 0)]
    [TestCase("class A { void B() {\nif (true)\nreturn;\n\nB(); } }", 0, 0, 1, 0, 0, 0)]
    [TestCase("class A { void B() { try { } catch (Exception error) { } } }", 0, 0, 0, 1, 0, 0)]
    [TestCase("class A { [LoggerMessage(LogLevel.Debug, \"b\")] void B(); }", 0, 0, 0, 0, 1, 0)]
    [TestCase("class A { class B; void C() { } }", 0, 0, 0, 0, 0, 1)]
    [TestCase("class A { [LoggerMessage(Level = LogLevel.Debug, Message = \"b\")] void B(); class C; }", 0, 0, 0, 0, 0, 0)]
    public void Each_style_rule_reports_the_expected_number_of_violations_in_sample_code(
        string text, int beside, int braces, int blank, int names, int forms, int nested)
    {
        var file = new SourceFile("A.cs", text);
        Assert.That(
            new[]
            {
                StyleRules.StatementsBesideTheirCondition(file).Count(),
                StyleRules.BracesAroundOneLine(file).Count(),
                StyleRules.BlankLinesAfterGuards(file).Count(),
                StyleRules.OtherNamesOfExceptions(file).Count(),
                StyleRules.OtherFormsOfLogMessages(file).Count(),
                StyleRules.NestedTypesBeforeMembers(file).Count(),
            },
            Is.EqualTo(new[] { beside, braces, blank, names, forms, nested }));
    }

    [TestCase("a.md", "| a |", false)]
    [TestCase("a.md", "[a](b)", false)]
    [TestCase("a.md", "a", true)]
    [TestCase("a.cs", "| a |", true)]
    [TestCase("a.csproj", "a", false)]
    public void Long_line_is_reported_unless_the_line_cannot_be_wrapped(string path, string start, bool reported) =>
        Assert.That(StyleRules.LongLines(new SourceFile(path, start + new string('x', 140))).Any(), Is.EqualTo(reported));

    private static IEnumerable<SourceFile> Code => Files.Where(file => file.Is("cs"));

    private static void AssertFollowed(IEnumerable<SourceFile> files, Func<SourceFile, IEnumerable<string>> rule) =>
        Assert.That(files.AsParallel().AsOrdered().SelectMany(rule).ToList(), Is.Empty);
}
