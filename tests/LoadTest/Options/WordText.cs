using System.CommandLine.Parsing;

namespace Hype.LoadTest.Options;

/// <summary>Parses an option whose values are keywords: the names of an enum, in lower case.</summary>
internal static class WordText
{
    public static string Words<T>(string separator)
        where T : struct, Enum => string.Join(separator, Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));

    public static T Parse<T>(ArgumentResult argument)
        where T : struct, Enum
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        // Numbers are not keywords, although an enum would accept them.
        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]))
            return value;
        var option = argument.Parent is OptionResult { Option.Name: var name } ? name : "it";
        argument.AddError($"'{text}' is not a value for {option}: take one of {Words<T>(", ")}.");
        return default;
    }
}
