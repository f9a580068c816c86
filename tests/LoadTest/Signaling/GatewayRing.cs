namespace Hype.LoadTest.Signaling;

/// <summary>
/// The gateways that can serve one session, in the order in which they are tried: the present one first, then round and round. Used by
/// one caller at a time.
/// </summary>
/// <param name="configured">Addresses such as <c>http://localhost:8080</c>; at least one.</param>
/// <param name="first">Which of them to begin with; any number.</param>
internal sealed class GatewayRing(IReadOnlyList<Uri> configured, uint first)
{
    private readonly Uri[] _configured = [.. configured.Select(SignalingSocket.UrlOf)];
    private Uri[] _urls = [.. configured.Select(SignalingSocket.UrlOf)];
    private int _at = (int)(first % (uint)configured.Count);

    /// <summary>Of the WebSocket.</summary>
    public Uri Current => _urls[_at];

    public int Count => _urls.Length;

    /// <summary>The present one does not serve.</summary>
    public void Next() => _at = (_at + 1) % _urls.Length;

    /// <summary>The present one has told of others.</summary>
    /// <param name="others">WebSocket URLs.</param>
    public void Learn(IEnumerable<Uri> others)
    {
        var current = Current;
        _urls = [.. _configured.Concat(others).Append(current).Distinct()];
        _at = Array.IndexOf(_urls, current);
    }
}
