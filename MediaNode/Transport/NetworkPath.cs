using System.Security.Cryptography;
using Hype.MediaNode.Net;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Transport;

/// <summary>
/// One address of a client, as <see cref="PathSelector"/> knows it: whether the client proved that it receives there, what it sent from
/// there, and the checks of this node to it.
/// </summary>
internal sealed class NetworkPath(TransportAddress address)
{
    /// <summary>A time earlier than any time of a clock; a clock's time minus this value does not overflow.</summary>
    public const long Never = long.MinValue / 2;

    // A check that is repeated within this time repeats its transaction (RFC 8489 §6.2.1). Microseconds.
    private const long TransactionTime = 1_000_000;

    // The last check's id, and the one before: its answer may still be on its way.
    private readonly byte[] _transactionId = new byte[StunMessage.TransactionIdLength];
    private readonly byte[] _previousId = new byte[StunMessage.TransactionIdLength];
    private long _transactionAt = Never;
    private int _transactions;
    private long _sent;
    private long _unansweredSince = Never;

    public TransportAddress Address => address;

    /// <summary>The local address at which the client's last authentic check arrived; datagrams to the client leave from it.</summary>
    public LocalAddress Local { get; set; }

    /// <summary>True if the client proved within the last <see cref="IceLite.ConsentTimeout"/> that it receives here.</summary>
    public bool IsValidated { get; private set; }

    /// <summary>The time of the last proof.</summary>
    public long ProvedAt { get; private set; } = Never;

    /// <summary>The number of bytes received from the address.</summary>
    public long Received { get; set; }

    /// <summary>The time of the last authentic datagram.</summary>
    public long HeardAt { get; private set; } = Never;

    public long MediaAt { get; set; } = Never;

    public long NominatedAt { get; set; } = Never;

    /// <summary>The time of this node's last check to the address.</summary>
    public long CheckedAt { get; private set; } = Never;

    /// <summary>True if the endpoint sent to the address and now sends to another one.</summary>
    public bool WasLeft { get; set; }

    /// <summary>Records an authentic datagram.</summary>
    public void Hear(int bytes, long now)
    {
        Received += bytes;
        HeardAt = now;
        _unansweredSince = Never;
    }

    /// <summary>Records a proof that the client receives here.</summary>
    public void Validate(long now) => (IsValidated, ProvedAt) = (true, now);

    /// <summary>Ends the validation if the last proof is too old: the client may have left the address.</summary>
    public void Expire(long now)
    {
        if (IsValidated && now - ProvedAt > IceLite.ConsentTimeout)
            (IsValidated, Received, _sent, MediaAt) = (false, 0, 0, Never);
    }

    /// <summary>Removes all that was known about the address.</summary>
    public void Reset()
    {
        (IsValidated, Received, _sent, _transactions, WasLeft) = (false, 0, 0, 0, false);
        ProvedAt = MediaAt = NominatedAt = CheckedAt = _transactionAt = _unansweredSince = Never;
    }

    /// <summary>Returns true if the client has not reacted to the checks of this node for that time.</summary>
    public bool IsUnanswered(long time, long now) => _unansweredSince != Never && now - _unansweredSince >= time;

    /// <summary>Begins or repeats a check, and returns its transaction id.</summary>
    public ReadOnlySpan<byte> Check(long now)
    {
        CheckedAt = now;
        if (_unansweredSince == Never)
            _unansweredSince = now;
        if (now - _transactionAt < TransactionTime)
            return _transactionId;
        _transactionId.CopyTo(_previousId, 0);
        RandomNumberGenerator.Fill(_transactionId);
        _transactionAt = now;
        _transactions++;
        return _transactionId;
    }

    /// <summary>Returns true if the id is that of one of the last two checks.</summary>
    public bool HasSent(ReadOnlySpan<byte> transactionId) =>
        (_transactions > 0 && transactionId.SequenceEqual(_transactionId))
        || (_transactions > 1 && transactionId.SequenceEqual(_previousId));

    /// <summary>Reserves bytes. Returns false if the address is not validated and would receive too many.</summary>
    public bool TrySpend(int bytes)
    {
        if (IsValidated)
            return true;
        if (_sent + bytes > PathSelector.Amplification * Received)
            return false;
        _sent += bytes;
        return true;
    }
}
