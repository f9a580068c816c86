namespace Hype.Gateway.Signaling;

/// <summary>The gateways of <c>Hype:Gateway:Alternates</c>, as clients are told of them.</summary>
internal static class AlternateGateways
{
    public static bool IsGateway(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    /// <summary><c>https://voice-2.example.org</c> → <c>wss://voice-2.example.org/api/voice/ws</c>, also below a path.</summary>
    public static string SignalingUrl(string gateway)
    {
        var url = new Uri(gateway);
        return $"{(url.Scheme == Uri.UriSchemeHttps ? "wss" : "ws")}://{url.Authority}{url.AbsolutePath.TrimEnd('/')}{SignalingEndpoint.Path}";
    }
}
