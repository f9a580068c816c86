using System.Security.Cryptography;

namespace Hype.MediaNode.Dtls;

/// <summary>
/// The contexts of the newest certificates of the control plane, each loaded once. A cluster normally has one certificate. A second one
/// exists if the first was lost with its silo and replaced while rooms still use it. The workers share the cache and access it only when a
/// room opens.
/// </summary>
internal sealed class DtlsContextCache : IDisposable
{
    private const int Capacity = 16;

    private readonly Lock _lock = new();

    // Ordered by last use, the newest at the end.
    private readonly OrderedDictionary<string, DtlsContext> _contexts = [];

    /// <exception cref="CryptographicException">The certificate or key cannot be used.</exception>
    public DtlsContext Get(byte[] certificate, byte[] privateKey)
    {
        var id = Convert.ToHexString(SHA256.HashData(certificate));
        lock (_lock)
        {
            if (!_contexts.Remove(id, out var context))
                context = new DtlsContext(certificate, privateKey);
            // Evicted without disposal: open rooms may still use it. Its finalizer frees it after the last of them.
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
