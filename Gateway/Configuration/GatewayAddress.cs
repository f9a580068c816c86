namespace Hype.Gateway.Configuration;

/// <summary>Checks the public addresses of gateways in the configuration.</summary>
internal static class GatewayAddress
{
    public static bool IsValid(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
