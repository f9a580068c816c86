using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hype.MediaNode.Stun;

/// <summary>
/// A view of a STUN message (RFC 8489 §5) with the attributes of ICE (RFC 8445 §7.1); it copies nothing.
/// <code>
///  0                   1                   2                   3
///  0 0|1 2 3 4 5 6 7 8 9 0 1 2 3 4 5|6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |0 0|     STUN message type       |         message length        |
/// |                   magic cookie = 0x2112A442                     |
/// |                   transaction id (96 bits) ...                  |
/// |         attribute type          |       length (unpadded)       |  then values, each padded to 32 bits
/// </code>
/// If an attribute appears twice, the first one counts. Attributes after MESSAGE-INTEGRITY are not covered by it and are therefore
/// ignored, except for FINGERPRINT, which must be last.
/// </summary>
internal readonly ref struct StunMessage
{
    public const int HeaderLength = 20;
    public const int TransactionIdLength = 12;
    public const uint MagicCookie = 0x2112A442;

    /// <summary>
    /// The maximum length of an accepted message, in bytes. ICE needs no more than RFC 8489 §6.1 allows on the smallest IPv6 path.
    /// </summary>
    public const int MaxLength = 1280;

    private readonly ReadOnlySpan<byte> _message;
    private readonly ReadOnlySpan<byte> _username;
    private readonly ReadOnlySpan<byte> _xorMappedAddress;
    private readonly int _integrityOffset;

    private StunMessage(ReadOnlySpan<byte> message, scoped in Attributes attributes)
    {
        _message = message;
        var type = BinaryPrimitives.ReadUInt16BigEndian(message);
        Class = (StunClass)(((type >> 7) & 2) | ((type >> 4) & 1));
        Method = (StunMethod)((type & 0x000F) | ((type & 0x00E0) >> 1) | ((type & 0x3E00) >> 2));
        _username = attributes.Username;
        HasUsername = attributes.HasUsername;
        _xorMappedAddress = attributes.XorMappedAddress;
        _integrityOffset = attributes.IntegrityOffset;
        HasUseCandidate = attributes.UseCandidate;
        Priority = attributes.Priority;
        IceControlling = attributes.Controlling;
        IceControlled = attributes.Controlled;
        ErrorCode = attributes.ErrorCode;
        HasUnknownRequired = attributes.UnknownRequired;
        HasFingerprint = attributes.Fingerprint;
    }

    /// <summary>The length of the message, in bytes.</summary>
    public int Length => _message.Length;

    public StunClass Class { get; }

    public StunMethod Method { get; }

    public ReadOnlySpan<byte> TransactionId => _message.Slice(8, TransactionIdLength);

    public bool HasUsername { get; }

    public bool HasUseCandidate { get; }

    public uint? Priority { get; }

    /// <summary>The tie-breaker of a sender that believes it is the controlling agent.</summary>
    public ulong? IceControlling { get; }

    /// <summary>The tie-breaker of a sender that believes it is the controlled agent.</summary>
    public ulong? IceControlled { get; }

    /// <summary>The code of an error response, 300–699; null for other messages.</summary>
    public int? ErrorCode { get; }

    public bool HasMessageIntegrity => _integrityOffset != 0;

    /// <summary>
    /// True if the message has the attribute FINGERPRINT. Its value is then correct, because a message with a wrong one is not parsed.
    /// </summary>
    public bool HasFingerprint { get; }

    /// <summary>
    /// True if the message has an attribute that a receiver must understand and that this node does not support;
    /// <see cref="CopyUnknownRequired"/> lists them.
    /// </summary>
    public bool HasUnknownRequired { get; }

    /// <summary>Parses a message. Returns false if the length, the cookie, the bounds of an attribute or FINGERPRINT is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = default;
        if (datagram.Length is < HeaderLength or > MaxLength || (datagram[0] & 0xC0) != 0)
            return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != MagicCookie)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length != datagram.Length - HeaderLength || length % 4 != 0)
            return false;
        var attributes = default(Attributes);
        var walk = new StunAttributeWalk(datagram);
        while (walk.MoveNext())
        {
            if (!attributes.TryAdd(datagram, in walk))
                return false;
        }

        if (walk.IsMalformed)
            return false;
        message = new StunMessage(datagram, in attributes);
        return true;
    }

    /// <summary>Reads USERNAME in the form of ICE (RFC 8445 §7.2.2): the receiver's ufrag, a colon, the sender's ufrag.</summary>
    public bool TryGetUsername(out ReadOnlySpan<byte> local, out ReadOnlySpan<byte> remote)
    {
        var colon = _username.IndexOf((byte)':');
        local = colon < 0 ? default : _username[..colon];
        remote = colon < 0 ? default : _username[(colon + 1)..];
        return colon >= 0;
    }

    /// <summary>
    /// Returns true if MESSAGE-INTEGRITY is present and was computed with this key. The comparison takes the same time for any value.
    /// </summary>
    public bool VerifyIntegrity(ReadOnlySpan<byte> key)
    {
        if (!HasMessageIntegrity)
            return false;
        Span<byte> expected = stackalloc byte[StunIntegrity.Length];
        StunIntegrity.Compute(_message, _integrityOffset, key, expected);
        return CryptographicOperations.FixedTimeEquals(expected, _message.Slice(_integrityOffset + 4, StunIntegrity.Length));
    }

    /// <summary>
    /// Reads XOR-MAPPED-ADDRESS (RFC 8489 §14.2): the client's address as the answering side saw it. Only tests and test clients use it.
    /// </summary>
    /// <param name="address">At least 16 bytes; 4 or 16 are written, in network order.</param>
    public bool TryGetMappedAddress(scoped Span<byte> address, out int addressLength, out ushort port)
    {
        addressLength = 0;
        port = 0;
        if (_xorMappedAddress.Length is not (8 or 20))
            return false;
        addressLength = (_xorMappedAddress[1], _xorMappedAddress.Length) switch { (1, 8) => 4, (2, 20) => 16, _ => 0 };
        if (addressLength == 0)
            return false;
        port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(_xorMappedAddress[2..]) ^ (MagicCookie >> 16));
        for (var i = 0; i < addressLength; i++)
            address[i] = (byte)(_xorMappedAddress[4 + i] ^ _message[4 + i]);
        return true;
    }

    /// <summary>
    /// Copies the attribute types that a 420 answer must list (RFC 8489 §14.13), each once and as many as fit. Returns their number.
    /// </summary>
    public int CopyUnknownRequired(scoped Span<ushort> destination)
    {
        var count = 0;
        var walk = new StunAttributeWalk(_message);
        while (walk.MoveNext() && walk.Type != StunAttribute.MessageIntegrity && count < destination.Length)
        {
            if (StunAttributes.IsUnknownRequired(walk.Type) && !destination[..count].Contains((ushort)walk.Type))
                destination[count++] = (ushort)walk.Type;
        }

        return count;
    }

    /// <summary>The values of a message's attributes, collected in one pass over the message.</summary>
    private ref struct Attributes
    {
        public ReadOnlySpan<byte> Username;
        public ReadOnlySpan<byte> XorMappedAddress;
        public bool HasUsername;
        public int IntegrityOffset;
        public bool UseCandidate;
        public bool UnknownRequired;
        public bool Fingerprint;
        public uint? Priority;
        public ulong? Controlling;
        public ulong? Controlled;
        public int? ErrorCode;

        public bool TryAdd(ReadOnlySpan<byte> message, scoped in StunAttributeWalk walk)
        {
            var value = message.Slice(walk.ValueOffset, walk.ValueLength);
            if (Fingerprint)
                return false;
            if (walk.Type == StunAttribute.Fingerprint)
            {
                Fingerprint = true;
                return value.Length == 4
                    && BinaryPrimitives.ReadUInt32BigEndian(value) == StunFingerprint.Compute(message[..walk.Offset]);
            }

            if (IntegrityOffset != 0)
                return true;
            switch (walk.Type)
            {
                case StunAttribute.MessageIntegrity:
                    IntegrityOffset = walk.Offset;
                    return value.Length == StunIntegrity.Length;
                case StunAttribute.Username when !HasUsername:
                    HasUsername = true;
                    Username = value;
                    return true;
                case StunAttribute.XorMappedAddress when XorMappedAddress.IsEmpty:
                    XorMappedAddress = value;
                    return true;
                case StunAttribute.UseCandidate:
                    UseCandidate = true;
                    return true;
                case StunAttribute.Priority when value.Length == 4:
                    Priority ??= BinaryPrimitives.ReadUInt32BigEndian(value);
                    return true;
                case StunAttribute.IceControlling when value.Length == 8:
                    Controlling ??= BinaryPrimitives.ReadUInt64BigEndian(value);
                    return true;
                case StunAttribute.IceControlled when value.Length == 8:
                    Controlled ??= BinaryPrimitives.ReadUInt64BigEndian(value);
                    return true;
                case StunAttribute.ErrorCode when value.Length >= 4:
                    ErrorCode ??= (value[2] & 7) * 100 + value[3];
                    return true;
                case StunAttribute.Priority or StunAttribute.IceControlling or StunAttribute.IceControlled or StunAttribute.ErrorCode:
                    return false;
                default:
                    UnknownRequired |= StunAttributes.IsUnknownRequired(walk.Type);
                    return true;
            }
        }
    }
}
