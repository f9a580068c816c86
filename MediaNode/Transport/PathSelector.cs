using Hype.MediaNode.Net;

namespace Hype.MediaNode.Transport;

/// <summary>An event of an address that may make the endpoint send to it.</summary>
internal enum PathStimulus
{
    /// <summary>An authentic check without a nomination.</summary>
    Check,

    /// <summary>An authentic check that nominates the address.</summary>
    Nomination,

    /// <summary>A record of the DTLS handshake, not authenticated.</summary>
    Handshake,

    /// <summary>An authentic SRTP or SRTCP packet.</summary>
    Media,

    /// <summary>The client's answer to a check of this node.</summary>
    Answer,
}

/// <summary>
/// Selects the address to which an endpoint sends, among the addresses from which its client sends. The state machine of an address:
/// <code>
///   first check → unvalidated: receives at most 3 × the bytes received from it (RFC 9000 §8.1 has the same limit)
///               → validated:   the client answered a check of this node from there, within the last 30 s
/// </code>
/// Only an answer proves that datagrams arrive at an address: a member can forge the source of its own authentic checks and media, and of
/// its last flight of the DTLS handshake. The node repeats its checks, so that the proof ends when the client leaves the address.
/// <para>The selected address is left for another one according to this table; the first row that applies decides:</para>
/// <code>
///   selected address             other address                                      left?
///   not validated                validated, nominated now, or of the handshake      yes
///   not validated                any other                                          no
///   validated                    neither validated nor ever with media              no
///   does not answer (dead)       validated, or with media                           yes
///   without media for 0.5 s      sends media now                                    yes
///   with media                   sends no media now                                 no
///   nominated last               nominated earlier or never                         no
///   nominated earlier            nominated last, not left before                    yes
///   not nominated for 10 s       nominated last, left before                        yes
///   nominated within 10 s        nominated last, left before                        no
/// </code>
/// The last three rows are a hysteresis: a client that nominates two addresses in turn does not make the path alternate. The node repeats
/// its checks to a selected address that is silent, or that the client seems to leave, so that a dead one is left about a second later,
/// and to an address that the client nominated last, so that the loss of one check does not delay the move.
/// </summary>
/// <param name="validatedHost">
/// An IP address (the port is ignored) that another node validated for the same client, or null: its ports are validated here too, for
/// <see cref="HostProof"/> after the client's arrival.
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
    /// The time without an authentic datagram after which the node checks the selected address itself, µs. Browsers check the address that
    /// they use every 2.5 s or at most every 6 s (RFC 7675 §5.1).
    /// </summary>
    public const long Silence = 3_500_000;

    /// <summary>
    /// The time after which an address that does not answer <see cref="MostUnanswered"/> checks of this node counts as dead, µs: three
    /// round trips of a slow path.
    /// </summary>
    public const long AnswerTimeout = 1_000_000;

    /// <summary>The number of checks that an address leaves unanswered before it counts as dead: single checks are lost.</summary>
    public const int MostUnanswered = 4;

    /// <summary>
    /// The time for which the proof of another node is valid here, µs: some checks and their answers. The client may have left the host
    /// since that proof, so that only its own answers count afterwards.
    /// </summary>
    public const long HostProof = 5_000_000;

    /// <summary>The time without a nomination after which an address that was left may be selected again, µs.</summary>
    public const long Settling = 2 * IceLite.ConsentInterval;

    /// <summary>The minimum time between two checks of this node to one address (RFC 8445 §14.2), µs.</summary>
    public const long CheckInterval = 50_000;

    /// <summary>The interval of this node's checks to a selected address that may be dead, µs.</summary>
    public const long UrgentInterval = 250_000;

    /// <summary>The interval of this node's checks to a selected address that is not validated (RFC 8445 §14.3), µs.</summary>
    public const long RepeatInterval = 500_000;

    /// <summary>The time before the end of a validation from which on this node asks every second for a new proof, µs.</summary>
    public const long LastCall = 2 * IceLite.ConsentInterval;

    private const long LastCallInterval = 1_000_000;

    // Media to an address that has lost its validation leaves these bytes for a check, which is the only way back.
    private const int CheckReserve = 128;

    private const long Never = NetworkPath.Never;

    private readonly List<NetworkPath> _paths = new(1);
    private NetworkPath? _selected;
    private long _hostValidUntil = Never;

    public bool HasSelected => _selected is not null;

    /// <summary>The address to which the endpoint sends; valid if <see cref="HasSelected"/>.</summary>
    public TransportAddress Selected => _selected?.Address ?? default;

    /// <summary>The local address from which the endpoint sends to <see cref="Selected"/>.</summary>
    public LocalAddress Local => _selected?.Local ?? default;

    /// <summary>Returns the local address from which the endpoint sends to an address.</summary>
    public LocalAddress LocalOf(TransportAddress address) => Find(address)?.Local ?? default;

    /// <summary>True if the selected address is validated, so that its bytes are not limited.</summary>
    public bool IsValidated => _selected is { IsValidated: true };

    /// <summary>The selected address, if the client has proved to this node that it receives there; otherwise null.</summary>
    public TransportAddress? Proved => _selected is { IsProved: true } selected ? selected.Address : null;

    /// <summary>Records the bytes of an authentic check, which its answer may use.</summary>
    /// <param name="bytes">The length of the datagram.</param>
    public void OnReceived(TransportAddress from, int bytes, long now) => Receive(from, bytes, now);

    /// <summary>
    /// Records the local address at which an authentic check arrived. A client checks several pairs, and nominates the one that it uses.
    /// </summary>
    public void OnArrival(TransportAddress from, LocalAddress local, bool nominates)
    {
        if (Find(from) is { } path && (nominates || path.Local == default))
            path.Local = local;
    }

    /// <summary>
    /// Records that an authentic check was accepted; <see cref="OnReceived"/> has recorded its bytes. A check that is answered with an
    /// error selects no address.
    /// </summary>
    public void OnCheck(TransportAddress from, bool nominates, long now)
    {
        var path = Receive(from, bytes: 0, now);
        if (nominates)
            path.NominatedAt = now;
        Select(path, nominates ? PathStimulus.Nomination : PathStimulus.Check, now);
    }

    /// <summary>Records a datagram whose sender cannot be authenticated yet: a record of the DTLS handshake.</summary>
    public void OnHandshake(TransportAddress from, int bytes, long now)
    {
        var path = Find(from) ?? Add(from, now);
        path.Received += bytes;
        if (IsValidated)
            return;
        path.NominatedAt = now;
        Select(path, PathStimulus.Handshake, now);
    }

    /// <summary>Records authentic media: an SRTP or SRTCP packet.</summary>
    /// <param name="bytes">The length of the datagram.</param>
    public void OnMedia(TransportAddress from, int bytes, long now)
    {
        if (_selected is { } selected && from == selected.Address)
        {
            selected.Hear(bytes, now);
            selected.MediaAt = now;
            return;
        }

        var path = Receive(from, bytes, now);
        path.MediaAt = now;
        Select(path, PathStimulus.Media, now);
    }

    /// <summary>
    /// Records an authentic answer. Returns false if it answers none of the last two checks of this node to that address.
    /// </summary>
    public bool OnAnswer(TransportAddress from, ReadOnlySpan<byte> transactionId, int bytes, long now)
    {
        if (Find(from) is not { } path || !path.HasSent(transactionId))
            return false;
        path.Hear(bytes, now);
        path.Validate(answered: true, now);
        Select(path, PathStimulus.Answer, now);
        return true;
    }

    /// <summary>Returns true if the id is that of one of the last two checks of this node to the address.</summary>
    public bool HasChecked(TransportAddress address, ReadOnlySpan<byte> transactionId) =>
        Find(address) is { } path && path.HasSent(transactionId);

    /// <summary>
    /// Returns the transaction id of a check that this node must send to an address now; empty: none is due.
    /// </summary>
    /// <param name="renews">True: the address is checked although it is validated.</param>
    public ReadOnlySpan<byte> NextCheck(TransportAddress to, int bytes, long now, bool renews = false) =>
        Find(to) is not { } path || (path.IsValidated && !renews) || now - path.CheckedAt < CheckInterval || !path.TrySpend(bytes)
            ? default
            : path.Check(now);

    /// <summary>
    /// Ends the validation of addresses whose last proof is too old, and leaves the selected address if it is dead and another one works.
    /// </summary>
    public void Tick(long now)
    {
        foreach (var path in _paths)
            path.Expire(now);
        if (_selected is not { } selected || _paths.Count == 1 || (selected.IsValidated && !selected.IsDead(now)))
            return;
        NetworkPath? best = null;
        foreach (var path in _paths)
        {
            if (path != selected && path.IsValidated && path.HeardAt > Math.Max(selected.HeardAt, best?.HeardAt ?? Never))
                best = path;
        }

        if (best is not null)
            Select(best, PathStimulus.Check, now);
    }

    /// <summary>Returns the address that this node must check now, without a check of the client; null: none.</summary>
    public TransportAddress? DueCheck(long now)
    {
        if (_selected is not { } selected)
            return null;
        if (IsCheckDue(selected, now))
            return selected.Address;
        NetworkPath? next = null;
        foreach (var path in _paths)
        {
            if (!path.IsValidated && path.NominatedAt > (next ?? selected).NominatedAt)
                next = path;
        }

        return next is not null && now - next.CheckedAt >= UrgentInterval ? next.Address : null;
    }

    /// <summary>Removes an address that now belongs to another client.</summary>
    public void Forget(TransportAddress address)
    {
        if (Find(address) is not { } path)
            return;
        _paths.Remove(path);
        if (path == _selected)
            _selected = null;
    }

    /// <summary>Reserves bytes for the selected address. Returns false if it is not validated and would receive too many.</summary>
    public bool TrySpend(int bytes) => _selected is { } selected && selected.TrySpend(bytes, CheckReserve);

    /// <summary>Reserves bytes for an answer to an address that has sent a check.</summary>
    public bool TrySpend(TransportAddress to, int bytes) => Find(to) is { } path && path.TrySpend(bytes);

    private NetworkPath Receive(TransportAddress from, int bytes, long now)
    {
        var path = Find(from) ?? Add(from, now);
        // Consent for an address ends with its silence, and what was known about it ends too.
        if (now - path.HeardAt > IceLite.ConsentTimeout && path != _selected)
            path.Reset();
        path.Expire(now);
        if (!path.IsValidated && IsValidatedHost(from, now))
            path.Validate(answered: false, _hostValidUntil - IceLite.ConsentTimeout);
        path.Hear(bytes, now);
        return path;
    }

    private void Select(NetworkPath path, PathStimulus stimulus, long now)
    {
        if (path == _selected || (_selected is not null && !MaySelect(path, _selected, stimulus, now)))
            return;
        if (_selected is not null)
            _selected.WasLeft = true;
        _selected = path;
    }

    // The table in the summary of this class.
    private static bool MaySelect(NetworkPath path, NetworkPath current, PathStimulus stimulus, long now)
    {
        if (!current.IsValidated)
            return path.IsValidated || stimulus is PathStimulus.Nomination or PathStimulus.Handshake;
        if (!path.IsValidated && path.MediaAt == Never)
            return false;
        if (current.IsDead(now))
            return true;
        var speaks = now - current.MediaAt < MediaSilence;
        if (stimulus == PathStimulus.Media && !speaks)
            return true;
        if (path.NominatedAt <= current.NominatedAt || (speaks && stimulus != PathStimulus.Media))
            return false;
        return !path.WasLeft || now - current.NominatedAt >= Settling;
    }

    private bool IsCheckDue(NetworkPath selected, long now)
    {
        var checkedFor = now - selected.CheckedAt;
        if (!selected.IsValidated)
            return checkedFor >= RepeatInterval;
        var provedFor = now - selected.ProvedAt;
        if (provedFor >= IceLite.ConsentTimeout - LastCall && checkedFor >= LastCallInterval)
            return true;
        if (provedFor >= 2 * IceLite.ConsentInterval && checkedFor >= IceLite.ConsentInterval)
            return true;
        return checkedFor >= UrgentInterval && !selected.IsDead(now) && (selected.IsUnanswered || MayBeDead(selected, now));
    }

    private bool MayBeDead(NetworkPath selected, long now)
    {
        if (now - selected.HeardAt >= Silence)
            return true;
        foreach (var path in _paths)
        {
            if (path.IsValidated && path.NominatedAt > selected.HeardAt)
                return true;
        }

        return false;
    }

    private NetworkPath? Find(TransportAddress address)
    {
        foreach (var path in _paths)
        {
            if (path.Address == address)
                return path;
        }

        return null;
    }

    private NetworkPath Add(TransportAddress address, long now)
    {
        if (_paths.Count == Capacity)
            _paths.Remove(_paths.Where(path => path != _selected).MinBy(path => path.HeardAt)!);
        var added = new NetworkPath(address);
        _paths.Add(added);
        if (_hostValidUntil == Never)
            _hostValidUntil = now + HostProof;
        return added;
    }

    private bool IsValidatedHost(TransportAddress address, long now) =>
        validatedHost is { } host && host.High == address.High && host.Low == address.Low && now <= _hostValidUntil;
}
