using System.Security.Cryptography;

namespace Hype.MediaNode.Dtls;

/// <summary>
/// The certificates that the control plane handed in, each loaded once. A cluster has one at a time; a second one appears
/// when it was lost and made anew, while rooms still use the first. Shared by the workers, touched only when a room opens.
/// </summary>
internal sealed class DtlsContextCache : IDisposable
{
    // More than this in use at once is a control plane gone wrong.
    private const int Capacity = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DtlsContext> _contexts = [];

    /// <exception cref="CryptographicException">The certificate or key cannot be used, or too many different ones came.</exception>
    public DtlsContext Get(byte[] certificate, byte[] privateKey)
    {
        var id = Convert.ToHexString(SHA256.HashData(certificate));
        lock (_lock)
        {
            if (_contexts.TryGetValue(id, out var context))
                return context;
            if (_contexts.Count == Capacity)
                throw new CryptographicException($"More than {Capacity} DTLS certificates since this node started: restart it.");
            return _contexts[id] = new DtlsContext(certificate, privateKey);
        }
    }

    public void Dispose()
    {
        foreach (var context in _contexts.Values)
            context.Dispose();
    }
}
