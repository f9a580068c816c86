namespace Hype.LoadTest.Signaling;

/// <summary>
/// The gateways that can serve one session, in the order of attempts: the current one first, then the others in a circle. Used by
/// one caller at a time.
/// </summary>
/// <param name="configured">Addresses such as <c>http://localhost:8080</c>; at least one.</param>
/// <param name="first">The index of the gateway to use first; any number, taken modulo the number of gateways.</param>
internal sealed class GatewayRing(IReadOnlyList<Uri> configured, uint first)
{
    private readonly Uri[] _configured = [.. configured.Select(SignalingSocket.UrlOf)];
    private Uri[] _urls = [.. configured.Select(SignalingSocket.UrlOf)];
    private int _at = (int)(first % (uint)configured.Count);

    /// <summary>The WebSocket URL of the current gateway.</summary>
    public Uri Current => _urls[_at];

    public int Count => _urls.Length;

    /// <summary>Selects the next gateway, because the current one does not serve.</summary>
    public void Next() => _at = (_at + 1) % _urls.Length;

    /// <summary>Adds the other gateways of the deployment, as the current one has listed them, to the configured ones.</summary>
    /// <param name="others">WebSocket URLs.</param>
    public void Learn(IEnumerable<Uri> others)
    {
        var current = Current;
        _urls = [.. _configured.Concat(others).Append(current).Distinct()];
        _at = Array.IndexOf(_urls, current);
    }
}
