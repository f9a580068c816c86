using Hype.Cli.Access;

namespace Hype.Cli.Api;

/// <summary>Escapes a name for a path of the API.</summary>
internal static class PathSegment
{
    /// <exception cref="WrongUsageException">
    /// The name is <c>.</c> or <c>..</c>, which a URL cannot contain: the request would go to another path (RFC 3986 §5.2.4).
    /// </exception>
    public static string Of(string name) =>
        name is "." or ".." ? throw new WrongUsageException($"'{name}' cannot be a name.") : Uri.EscapeDataString(name);
}
