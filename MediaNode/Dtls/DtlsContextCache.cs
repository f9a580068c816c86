using System.Security.Cryptography;

namespace Hype.MediaNode.Dtls;

/// <summary>
/// The certificates that the control plane handed in last, each loaded once. A cluster has one at a time; another one appears
/// when it was lost with its silo and made anew, while rooms still use the first. Shared by the workers, touched only when a room opens.
/// </summary>
internal sealed class DtlsContextCache : IDisposable
{
    private const int Capacity = 16;

    private readonly Lock _lock = new();

    // The one that was used last is the last.
    private readonly OrderedDictionary<string, DtlsContext> _contexts = [];

    /// <exception cref="CryptographicException">The certificate or key cannot be used.</exception>
    public DtlsContext Get(byte[] certificate, byte[] privateKey)
    {
        var id = Convert.ToHexString(SHA256.HashData(certificate));
        lock (_lock)
        {
            if (!_contexts.Remove(id, out var context))
                context = new DtlsContext(certificate, privateKey);
            // Not disposed: rooms may use it for as long as they are open, and the last of them lets it go.
            if (_contexts.Count == Capacity)
                _contexts.RemoveAt(0);
            _contexts.Add(id, context);
            return context;
        }
    }

    public void Dispose()
    {
        foreach (var context in _contexts.Values)
            context.Dispose();
    }
}
