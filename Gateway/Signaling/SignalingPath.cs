namespace Hype.Gateway.Signaling;

/// <summary>The path at which every gateway serves the signaling WebSocket.</summary>
internal static class SignalingPath
{
    public const string Value = "/api/voice/ws";

    /// <summary>
    /// Converts a gateway's address into the URL of its WebSocket: <c>https://voice-2.example.org</c> becomes
    /// <c>wss://voice-2.example.org/api/voice/ws</c>. An address with a path keeps the path.
    /// </summary>
    public static string UrlOf(string gateway)
    {
        var url = new Uri(gateway);
        return $"{(url.Scheme == Uri.UriSchemeHttps ? "wss" : "ws")}://{url.Authority}{url.AbsolutePath.TrimEnd('/')}{Value}";
    }
}
