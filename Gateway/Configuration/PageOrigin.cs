namespace Hype.Gateway.Configuration;

/// <summary>Checks the entries of <see cref="GatewayOptions.AllowedOrigins"/>.</summary>
internal static class PageOrigin
{
    /// <summary>The origin that a browser sends for a page without one: a file, a <c>data:</c> URL, a sandboxed frame.</summary>
    private const string Opaque = "null";

    /// <summary>
    /// Returns true if a text is an origin: <c>null</c>, or a scheme and a host, and possibly a port. Apps register their own schemes for
    /// the pages of their shell.
    /// </summary>
    public static bool IsValid(string text)
    {
        if (text == Opaque)
            return true;
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        return separator > 0
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
            && uri.UserInfo.Length == 0
            && text.AsSpan(separator + 3).IndexOfAny('/', '?', '#') < 0;
    }
}
