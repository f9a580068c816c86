using System.Text;
using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Language;

/// <summary>
/// The prose of a source file or document, as three texts. Each text is as long as the file, so that an offset in it gives the line in
/// the file. All characters that do not belong to a text are replaced: by <c>\0</c> around a block of prose, by a space within one.
/// </summary>
internal sealed partial class ProseOfFile
{
    private const char Code = '¤'; // inline code and names: neither words nor the end of a sentence

    private ProseOfFile(string comments, string strings, string identifiers)
    {
        Comments = comments;
        Strings = strings;
        Identifiers = identifiers;
    }

    /// <summary>The comments of code, or the text of a document.</summary>
    public string Comments { get; }

    /// <summary>The literals of more than one word: messages, descriptions, reasons of assertions.</summary>
    public string Strings { get; }

    /// <summary>The code without comments and literals.</summary>
    public string Identifiers { get; }

    public static ProseOfFile Read(string path, string text) =>
        path.EndsWith(".md", StringComparison.Ordinal)
            ? new ProseOfFile(Flat(Clean(Document(text))), "", "")
            : Source(text, SyntaxOf(path));

    private static Regex SyntaxOf(string path) => System.IO.Path.GetExtension(path) switch
    {
        ".cs" or ".proto" => CSharp(),
        ".js" or ".mjs" or ".ts" => JavaScript(),
        ".css" => StyleSheet(),
        ".html" or ".svg" or ".csproj" or ".props" => Markup(),
        _ => Hash(),
    };

    private static ProseOfFile Source(string text, Regex syntax)
    {
        var comments = new StringBuilder().Append('\0', text.Length);
        var strings = new StringBuilder().Append('\0', text.Length);
        var identifiers = new StringBuilder(text);
        var endOfCommentLine = -2; // of a line with only a comment: the next such line continues the block
        foreach (Match token in syntax.Matches(text))
        {
            Put(identifiers, token.Index, Blank(token.Value));
            if (token.Groups["line"].Success)
            {
                var start = token.Index == 0 ? 0 : text.LastIndexOf('\n', token.Index - 1) + 1;
                var alone = string.IsNullOrWhiteSpace(text[start..token.Index]);
                if (alone && endOfCommentLine == start - 1)
                    Put(comments, endOfCommentLine, new string(' ', token.Index - endOfCommentLine));
                endOfCommentLine = alone ? token.Index + token.Length : -2;
                Put(comments, token.Index, LineMark().Replace(token.Value, Spaces, 1));
            }
            else if (token.Groups["block"].Success)
            {
                var block = BlockMark().Replace(token.Value, Spaces);
                Put(comments, token.Index, Tag().Replace(block, match => '\0' + new string(Code, match.Length - 1)));
            }
            else if (token.Groups["string"].Success && token.Value.Trim().Contains(' '))
                Put(strings, token.Index, Quote().Replace(Hole().Replace(token.Value, Hidden), match => new string('\0', match.Length)));
        }

        return new ProseOfFile(Flat(Clean(comments.ToString())), Flat(strings.ToString()), identifiers.ToString());
    }

    /// <summary>
    /// Returns a document without its fenced code, except for comments in that code. Each list item, table row and heading becomes a
    /// block.
    /// </summary>
    private static string Document(string text)
    {
        var fenced = false;
        var lines = text.Split('\n').Select(line =>
        {
            if (Fence().IsMatch(line))
            {
                fenced = !fenced;
                return new string('\0', line.Length);
            }

            if (fenced)
            {
                var comment = CommentOfExample().Match(line);
                return comment.Success
                    ? new string('\0', line.Length - comment.Length) + LineMarkOfExample().Replace(comment.Value, Spaces, 1)
                    : new string('\0', line.Length);
            }

            return string.IsNullOrWhiteSpace(line)
                ? new string('\0', line.Length)
                : Bullet().Replace(line, match => new string('\0', match.Length));
        });
        return Paragraph().Replace(string.Join('\n', lines), "\0");
    }

    private static string Clean(string text)
    {
        text = CodeElement().Replace(text, Hidden);
        text = Reference().Replace(text, Hidden);
        text = Element().Replace(text, match => '\0' + new string(' ', match.Length - 1));
        text = OtherElement().Replace(text, Spaces);
        text = InlineCode().Replace(text, Hidden);
        text = LinkTarget().Replace(text, Spaces);
        return Address().Replace(text, Hidden);
    }

    private static string Flat(string text) => text.Replace('\n', ' ');

    private static string Spaces(Match match) => Blank(match.Value);

    private static string Blank(string text) => NotNewline().Replace(text, " ");

    private static string Hidden(Match match) => new(Code, match.Length);

    private static void Put(StringBuilder text, int index, string value) => text.Remove(index, value.Length).Insert(index, value);

    [GeneratedRegex(""""
        (?<string>\$*(?<quotes>"{3,})[\s\S]*?\k<quotes>|(?:@\$?|\$@)"(?:""|[^"])*"|\$?"(?:\\.|[^"\\\n])*")|
        (?<char>'(?:\\[^\n]{1,9}?|[^'\\\n])')|(?<line>//[^\n]*)|(?<block>/\*[\s\S]*?\*/)
        """", RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CSharp();

    [GeneratedRegex("""
        (?<string>`(?:\\.|[^`\\])*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?<line>(?<![:\\/])//[^\n]*)|(?<block>/\*[\s\S]*?\*/)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex JavaScript();

    [GeneratedRegex(@"(?<block>/\*[\s\S]*?\*/)")]
    private static partial Regex StyleSheet();

    [GeneratedRegex("(?<block><!--[\\s\\S]*?-->)")]
    private static partial Regex Markup();

    [GeneratedRegex(@"(?<line>(?:(?<=\s)|(?<=^))\#(?![!{])[^\n]*)", RegexOptions.Multiline)]
    private static partial Regex Hash();

    [GeneratedRegex("^(?://+|#+)")]
    private static partial Regex LineMark();

    [GeneratedRegex(@"^/\*+|\*+/$|<!--|-->|(?<=\n[ \t]*)\*")]
    private static partial Regex BlockMark();

    [GeneratedRegex(@"(?m)(?<=^\s*)@\w+")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{[^{}\n]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex("^[$@]*\"+|\"+$|^['`]|['`]$")]
    private static partial Regex Quote();

    [GeneratedRegex(@"^\s*```")]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<=^|\s)(?://|#) .*$")]
    private static partial Regex CommentOfExample();

    [GeneratedRegex("//|#")]
    private static partial Regex LineMarkOfExample();

    [GeneratedRegex(@"^#+|^\s*(?:[-*>]|\d+\.)(?=\s)")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"\n(?=\n|\0)")]
    private static partial Regex Paragraph();

    [GeneratedRegex(@"<c>.*?</c>|<code>[\s\S]*?</code>")]
    private static partial Regex CodeElement();

    [GeneratedRegex(@"<(?:see|paramref|typeparamref|seealso)\b[^>]*/>")]
    private static partial Regex Reference();

    [GeneratedRegex(@"</?(?:summary|param|returns|remarks|item|exception|value|para|list|term|description)\b[^>]*>")]
    private static partial Regex Element();

    [GeneratedRegex(@"</?[a-z][^>\n]*>")]
    private static partial Regex OtherElement();

    [GeneratedRegex(@"`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\([^)\s]*\)")]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"\bhttps?://\S+")]
    private static partial Regex Address();

    [GeneratedRegex(@"[^\n]")]
    private static partial Regex NotNewline();
}
