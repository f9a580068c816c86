using System.Buffers.Binary;
using System.Text;
using Hype.MediaNode.Net;
using Hype.MediaNode.Stun;

namespace Hype.MediaClient;

/// <summary>
/// Writes one peer's STUN connectivity checks (RFC 8445 §7.2.4), recognises the answers to them, and answers the other side's checks.
/// </summary>
/// <param name="peer">A number that distinguishes the peer from others of the process.</param>
internal sealed class ConnectivityChecks(uint peer)
{
    // The number of checks whose answers are accepted: those of 0.4 s with two addresses at a time.
    private const int Recent = 16;

    // RFC 8445 §5.1.2.1: host, one component.
    private const uint HostPriority = (126u << 24) | (65535u << 8) | 255;

    private readonly TransportAddress[] _to = new TransportAddress[Recent];
    private IceCredentials? _own;
    private byte[] _username = [];
    private byte[] _password = [];
    private int _last;
    private int _firstOfThese = 1;

    /// <summary>Returns true if the transaction id is that of a check of the peer with this number.</summary>
    public static bool IsOf(uint peer, ReadOnlySpan<byte> transactionId) => BinaryPrimitives.ReadUInt32BigEndian(transactionId) == peer;

    /// <summary>Sets the ICE credentials for the next checks; answers to earlier checks are no longer accepted.</summary>
    public void Use(IceCredentials own, IceCredentials other)
    {
        _own = own;
        _username = Encoding.ASCII.GetBytes($"{other.Ufrag}:{own.Ufrag}");
        _password = other.PwdBytes;
        _firstOfThese = _last + 1;
    }

    /// <summary>Writes the next connectivity check to an address, and returns the check's length.</summary>
    /// <param name="nominates">True: nominate this address for media (USE-CANDIDATE).</param>
    public int Write(Span<byte> destination, TransportAddress to, bool nominates) => Write(destination, to, nominates, _password);

    /// <summary>Writes a check that is authenticated with a wrong password, and returns the check's length.</summary>
    public int WriteForged(Span<byte> destination)
    {
        byte[] wrong = [.. _password];
        wrong[0] ^= 1;
        return Write(destination, to: default, nominates: true, wrong);
    }

    /// <summary>
    /// Returns true if a message is the authentic answer to one of the last checks and comes from the address of that check (RFC 8445
    /// §7.2.5.2.1).
    /// </summary>
    public bool AreAnsweredBy(in StunMessage message, TransportAddress from)
    {
        Span<byte> id = stackalloc byte[StunMessage.TransactionIdLength];
        for (var check = _last; check > _last - Recent && check >= _firstOfThese; check--)
        {
            WriteTransactionId(id, check);
            if (message.TransactionId.SequenceEqual(id))
                return from == _to[check % Recent] && message.VerifyIntegrity(_password);
        }

        return false;
    }

    /// <summary>
    /// Writes the answer to a check of the other side, and returns its length; 0: the check is not authentic and gets no answer.
    /// </summary>
    public int Answer(in StunMessage check, TransportAddress from, Span<byte> destination)
    {
        if (check.Class != StunClass.Request || _own is null || !check.VerifyIntegrity(_own.PwdBytes))
            return 0;
        Span<byte> address = stackalloc byte[16];
        var length = from.CopyAddressTo(address);
        return StunWriter.WriteBindingSuccess(destination, check.TransactionId, address[..length], from.Port, _own.PwdBytes);
    }

    private int Write(Span<byte> destination, TransportAddress to, bool nominates, byte[] password)
    {
        Span<byte> id = stackalloc byte[StunMessage.TransactionIdLength];
        WriteTransactionId(id, ++_last);
        _to[_last % Recent] = to;
        return StunWriter.WriteBindingRequest(
            destination, id, _username, HostPriority, StunAttribute.IceControlling, peer + 1ul, nominates, password);
    }

    private void WriteTransactionId(Span<byte> id, int check)
    {
        id.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(id, peer);
        BinaryPrimitives.WriteInt32BigEndian(id[4..], check);
    }
}
