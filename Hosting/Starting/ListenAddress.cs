using System.Net;

namespace Hype.Hosting.Starting;

/// <summary>
/// An address to listen on: <c>localhost</c>, an IP address, or <c>*</c> for all. Other names are refused, because the server would
/// listen for them on every network interface of the machine.
/// </summary>
public static class ListenAddress
{
    public const string Http = "http://";
    public const string Https = "https://";

    public static string Requirement(string value, string scheme = Http) =>
        $"is '{value}', but must be {scheme}HOST:PORT with localhost, an IP address or * as host, and no path.";

    public static bool Is(string? text, string scheme = Http)
    {
        if (text is null || !text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var authority = text[scheme.Length..].TrimEnd('/');
        var colon = authority.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(authority[(colon + 1)..], out _))
            return false;
        var host = authority[..colon].Trim('[', ']');
        return host is "localhost" or "*" || IPAddress.TryParse(host, out _);
    }
}
