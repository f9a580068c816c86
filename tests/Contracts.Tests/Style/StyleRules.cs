using System.Text.RegularExpressions;
using Hype.Contracts.Tests.Source;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hype.Contracts.Tests.Style;

/// <summary>The style rules that no analyzer of the .NET SDK checks. Each method returns the places that break its rule.</summary>
internal static partial class StyleRules
{
    /// <summary>The last column that a line may use.</summary>
    private const int LastColumn = 139;

    /// <summary>
    /// Finds lines that do not end before column 140. Tables, links and fenced examples of documents cannot be wrapped, and are
    /// allowed.
    /// </summary>
    public static IEnumerable<string> LongLines(SourceFile file)
    {
        if (!file.Is("cs", "js", "mjs", "proto", "md") && !file.IsScript)
            return [];
        var fenced = file.Is("md") ? Fenced(file.Lines) : [];
        return file.Lines.Index()
            .Where(
                line => line.Item.Length > LastColumn
                    && !(file.Is("md") && (fenced.Contains(line.Index) || CannotWrap().IsMatch(line.Item))))
            .Select(line => file.At(line.Index));
    }

    /// <summary>Finds statements of an <c>if</c>, an <c>else</c> or a loop that are not on a line of their own.</summary>
    public static IEnumerable<string> StatementsBesideTheirCondition(SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        let statement = EmbeddedStatement(node)
        where statement is not (null or BlockSyntax or IfStatementSyntax or EmptyStatementSyntax)
        where LineOf(statement.GetFirstToken().GetPreviousToken().GetLocation()) == LineOf(statement.GetLocation())
        select file.At(node);

    /// <summary>
    /// Finds braces around one short statement. Braces are allowed if a condition, a comment or another branch needs more than one
    /// line.
    /// </summary>
    public static IEnumerable<string> BracesAroundOneLine(SourceFile file) =>
        from node in file.Syntax.DescendantNodes()
        where node is not (ElseClauseSyntax or IfStatementSyntax { Parent: ElseClauseSyntax })
        let branches = Branches(node)
        where branches.Any(branch => branch is BlockSyntax) && branches.All(IsShort)
        where LineOf(node.GetLocation()) == LineOf(branches[0].GetFirstToken().GetPreviousToken().GetLocation())
        select file.At(node);

    /// <summary>Finds blank lines after a guard, which is an <c>if</c> with one jump as its statement.</summary>
    public static IEnumerable<string> BlankLinesAfterGuards(SourceFile file) =>
        from guard in file.Syntax.DescendantNodes().OfType<IfStatementSyntax>()
        where guard.Else is null && IsJump(guard.Statement)
        let next = guard.GetLocation().GetLineSpan().EndLinePosition.Line + 1
        where next < file.Lines.Length && string.IsNullOrWhiteSpace(file.Lines[next])
        select file.At(next);

    /// <summary>
    /// Finds caught exceptions with another name than <c>exception</c>; a handler inside another handler may use another name.
    /// </summary>
    public static IEnumerable<string> OtherNamesOfExceptions(SourceFile file) =>
        from handler in file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>()
        where handler.Declaration is { Identifier.ValueText: not ("" or "exception") }
        where !handler.Ancestors().OfType<CatchClauseSyntax>().Any()
        select file.At(handler);

    /// <summary>Finds log messages that are not declared as <c>[LoggerMessage(Level = LogLevel.X, …, Message = "…")]</c>.</summary>
    public static IEnumerable<string> OtherFormsOfLogMessages(SourceFile file) =>
        from attribute in file.Syntax.DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() is "LoggerMessage"
        let names = attribute.ArgumentList?.Arguments.Select(argument => argument.NameEquals?.Name.Identifier.ValueText).ToArray() ?? []
        where names is not ["Level", .., "Message"]
        select file.At(attribute);

    /// <summary>Finds nested types that come before other members of their type.</summary>
    public static IEnumerable<string> NestedTypesBeforeMembers(SourceFile file) =>
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        let first = type.Members.FirstOrDefault(IsType)
        where first is not null && type.Members.SkipWhile(member => member != first).Any(member => !IsType(member))
        select file.At(first);

    private static bool IsType(MemberDeclarationSyntax member) => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax;

    private static int LineOf(Location location) => location.GetLineSpan().StartLinePosition.Line;

    private static StatementSyntax? EmbeddedStatement(SyntaxNode node) => node switch
    {
        IfStatementSyntax condition => condition.Statement,
        ElseClauseSyntax otherwise => otherwise.Statement,
        ForStatementSyntax loop => loop.Statement,
        CommonForEachStatementSyntax loop => loop.Statement,
        WhileStatementSyntax loop => loop.Statement,
        LockStatementSyntax section => section.Statement,
        _ => null,
    };

    /// <summary>Returns the statements of a condition with all its branches, or of a loop.</summary>
    private static List<StatementSyntax> Branches(SyntaxNode node)
    {
        List<StatementSyntax> branches = [];
        for (var next = node; next is not null;)
        {
            if (EmbeddedStatement(next) is { } statement and not IfStatementSyntax { Parent: ElseClauseSyntax })
                branches.Add(statement);
            next = next switch
            {
                IfStatementSyntax condition => condition.Else,
                ElseClauseSyntax { Statement: IfStatementSyntax another } => another,
                _ => null,
            };
        }

        return branches;
    }

    private static bool IsShort(StatementSyntax statement)
    {
        var only = statement is BlockSyntax block ? block.Statements.Count == 1 ? block.Statements[0] : null : statement;
        return (only is ExpressionStatementSyntax or YieldStatementSyntax || (only is not null && IsJump(only)))
            && !only.ToString().Contains('\n', StringComparison.Ordinal)
            && !statement.DescendantTrivia().Any(IsComment);
    }

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia);

    private static bool IsJump(StatementSyntax statement) => statement
        is ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax
        || statement.IsKind(SyntaxKind.YieldBreakStatement);

    /// <summary>Returns the indexes of the lines of a document that stand between two fences.</summary>
    private static HashSet<int> Fenced(string[] lines)
    {
        var inside = false;
        return [
            .. lines
                .Index()
                .Where(line => line.Item.StartsWith("```", StringComparison.Ordinal) ? !(inside = !inside) : inside)
                .Select(line => line.Index)];
    }

    [GeneratedRegex(@"^\s*\||^<!-- |\]\([^)]*\)|https?://|<img |`[^`]{60,}`")]
    private static partial Regex CannotWrap();
}
