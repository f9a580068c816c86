using System.Security.Cryptography;
using Hype.MediaNode.Net;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Transport;

/// <summary>
/// Selects the address to which an endpoint sends, among the addresses from which its client sends. The state machine of an address:
/// <code>
///   first check → unvalidated: receives at most 3 × the bytes received from it (RFC 9000 §8.1 has the same limit)
///               → validated:   the client answered a check of this node from there, or completed the DTLS handshake there
/// </code>
/// Only an answer proves that datagrams arrive at an address: a member can forge the source of its own authentic checks and media. While
/// the selected address is not validated, the newest nomination wins. A validated selected address is left only for an address that is
/// validated or sends authentic media, and only if the client uses the other address: it nominated it last and media does not continue on
/// the old one, or the old one is silent. An address that was just left is not selected again while the current one works, so that a
/// client that nominates two addresses in turn does not make the path alternate.
/// </summary>
/// <param name="validatedHost">
/// An IP address (the port is ignored) that another node validated for the same client, or null: its ports are validated here too.
/// </param>
internal sealed class PathSelector(TransportAddress? validatedHost = null)
{
    /// <summary>The maximum number of addresses: a client uses only the newest few of its interfaces and NAT mappings.</summary>
    public const int Capacity = 8;

    /// <summary>The maximum ratio of bytes sent to an unvalidated address and bytes received from it.</summary>
    public const int Amplification = 3;

    /// <summary>
    /// The time without media after which a client counts as not speaking on an address, µs. Frames last at most 120 ms.
    /// </summary>
    public const long MediaSilence = 500_000;

    /// <summary>
    /// The time without an authentic datagram after which an address counts as silent, µs. Browsers check the address that they use every
    /// 2.5 s or at most every 6 s (RFC 7675 §5.1).
    /// </summary>
    public const long Silence = 3_500_000;

    /// <summary>The time for which an address that was left is not selected again, µs: two checks of a browser.</summary>
    public const long Settling = 5_000_000;

    /// <summary>The minimum time between two checks of this node to one address (RFC 8445 §14.2), µs.</summary>
    public const long CheckInterval = 50_000;

    private const long Never = long.MinValue / 2;

    private readonly List<Path> _paths = new(1);
    private Path? _selected;

    public bool HasSelected => _selected is not null;

    /// <summary>The address to which the endpoint sends; valid if <see cref="HasSelected"/>.</summary>
    public TransportAddress Selected => _selected?.Address ?? default;

    /// <summary>True if the selected address is validated, so that its bytes are not limited.</summary>
    public bool IsValidated => _selected is { IsValidated: true };

    /// <summary>Records the bytes of an authentic check, which its answer may use.</summary>
    /// <param name="bytes">The length of the datagram.</param>
    public void OnReceived(TransportAddress from, int bytes, long now) => Receive(from, bytes, now);

    /// <summary>
    /// Records that an authentic check was accepted; <see cref="OnReceived"/> has recorded its bytes. A check that is answered with an
    /// error selects no address.
    /// </summary>
    public void OnCheck(TransportAddress from, bool nominates, long now)
    {
        var path = Receive(from, bytes: 0, now);
        if (nominates)
            path.NominatedAt = now;
        Select(path, now);
    }

    /// <summary>Records a datagram whose sender cannot be authenticated yet: a record of the DTLS handshake.</summary>
    public void OnHandshake(TransportAddress from, int bytes, long now)
    {
        var path = Find(from) ?? Add(from);
        path.Received += bytes;
        if (!IsValidated)
            (_selected, path.NominatedAt) = (path, now);
    }

    /// <summary>Records that the DTLS handshake was completed: the client received what this node sent to the selected address.</summary>
    public void OnHandshakeDone()
    {
        if (_selected is not null)
            _selected.IsValidated = true;
    }

    /// <summary>Records authentic media: an SRTP or SRTCP packet.</summary>
    /// <param name="bytes">The length of the datagram.</param>
    public void OnMedia(TransportAddress from, int bytes, long now)
    {
        if (_selected is { } selected && from == selected.Address)
        {
            selected.Received += bytes;
            selected.HeardAt = selected.MediaAt = now;
            return;
        }

        var path = Receive(from, bytes, now);
        path.MediaAt = now;
        Select(path, now);
    }

    /// <summary>
    /// Records an authentic answer. Returns false if it does not answer the last check of this node to that address.
    /// </summary>
    public bool OnAnswer(TransportAddress from, ReadOnlySpan<byte> transactionId, int bytes, long now)
    {
        if (Find(from) is not { } path || path.CheckedAt == Never || !transactionId.SequenceEqual(path.TransactionId))
            return false;
        path.Received += bytes;
        path.HeardAt = now;
        path.IsValidated = true;
        Select(path, now);
        return true;
    }

    /// <summary>
    /// Returns the transaction id of a check that this node must send to an address now, to validate it; empty: none is due.
    /// </summary>
    public ReadOnlySpan<byte> NextCheck(TransportAddress to, int bytes, long now, bool renews = false)
    {
        if (Find(to) is not { } path || (path.IsValidated && !renews) || now - path.CheckedAt < CheckInterval || !path.TrySpend(bytes))
            return default;
        if (path.CheckedAt == Never)
            RandomNumberGenerator.Fill(path.TransactionId);
        path.CheckedAt = now;
        return path.TransactionId;
    }

    /// <summary>Reserves bytes for the selected address. Returns false if it is not validated and would receive too many.</summary>
    public bool TrySpend(int bytes) => _selected is { } selected && (selected.IsValidated || selected.TrySpend(bytes));

    /// <summary>Reserves bytes for an answer to an address that has sent a check.</summary>
    public bool TrySpend(TransportAddress to, int bytes) => Find(to) is { } path && (path.IsValidated || path.TrySpend(bytes));

    private Path Receive(TransportAddress from, int bytes, long now)
    {
        var path = Find(from) ?? Add(from);
        // Consent for an address ends with its silence, and what was known about it ends too.
        if (now - path.HeardAt > IceLite.ConsentTimeout && path != _selected)
            path.Reset(IsValidatedHost(from));
        path.Received += bytes;
        path.HeardAt = now;
        return path;
    }

    private void Select(Path path, long now)
    {
        if (path == _selected)
            return;
        if (_selected is null)
        {
            _selected = path;
            return;
        }

        if (MaySelect(path, _selected, now))
        {
            _selected.LeftAt = now;
            _selected = path;
        }
    }

    private static bool MaySelect(Path path, Path current, long now)
    {
        if (!current.IsValidated)
            return path.IsValidated || path.NominatedAt == now;
        if (!path.IsValidated && path.MediaAt == Never)
            return false;
        var speaks = now - current.MediaAt < MediaSilence;
        if (now - current.HeardAt >= Silence || (path.MediaAt == now && !speaks))
            return true;
        if (path.NominatedAt <= current.NominatedAt || (speaks && path.MediaAt != now))
            return false;
        return now - path.LeftAt >= Settling || now - current.HeardAt >= MediaSilence;
    }

    private Path? Find(TransportAddress address)
    {
        foreach (var path in _paths)
        {
            if (path.Address == address)
                return path;
        }

        return null;
    }

    private Path Add(TransportAddress address)
    {
        if (_paths.Count == Capacity)
            _paths.Remove(_paths.Where(path => path != _selected).MinBy(path => path.HeardAt)!);
        var added = new Path(address) { IsValidated = IsValidatedHost(address) };
        _paths.Add(added);
        return added;
    }

    private bool IsValidatedHost(TransportAddress address) =>
        validatedHost is { } host && host.High == address.High && host.Low == address.Low;

    private sealed class Path(TransportAddress address)
    {
        private long _sent;

        public TransportAddress Address => address;

        public byte[] TransactionId { get; } = new byte[StunMessage.TransactionIdLength];

        public bool IsValidated { get; set; }

        /// <summary>The number of bytes received from the address.</summary>
        public long Received { get; set; }

        public long HeardAt { get; set; } = Never;

        public long MediaAt { get; set; } = Never;

        public long NominatedAt { get; set; } = Never;

        /// <summary>The time of this node's last check to the address.</summary>
        public long CheckedAt { get; set; } = Never;

        /// <summary>The time at which the endpoint stopped sending to the address.</summary>
        public long LeftAt { get; set; } = Never;

        public bool TrySpend(int bytes)
        {
            if (!IsValidated && _sent + bytes > Amplification * Received)
                return false;
            _sent += bytes;
            return true;
        }

        public void Reset(bool isValidated)
        {
            (IsValidated, Received, _sent) = (isValidated, 0, 0);
            MediaAt = NominatedAt = CheckedAt = LeftAt = Never;
        }
    }
}
