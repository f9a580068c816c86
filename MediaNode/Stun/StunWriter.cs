using System.Buffers.Binary;

namespace Hype.MediaNode.Stun;

/// <summary>
/// Writes the STUN messages of ICE: answers and checks. Each message ends with
/// MESSAGE-INTEGRITY, if there is a key, and FINGERPRINT. Every method returns the length written.
/// </summary>
internal static class StunWriter
{
    /// <summary>
    /// The maximum length of an answer in bytes, so that an answer to a request with a forged source is hardly longer than the request.
    /// </summary>
    public const int MaxResponseLength = 128;

    /// <summary>
    /// The maximum number of unknown attributes listed in a 420 answer. If a request has more, the answer to the corrected request lists
    /// the others.
    /// </summary>
    private const int MaxUnknownAttributes = 8;

    /// <summary>Writes the success response to a connectivity check (RFC 8445 §7.3.1.1).</summary>
    /// <param name="destination">At least <see cref="MaxResponseLength"/> bytes.</param>
    /// <param name="address">The source of the check, 4 or 16 bytes in network order; an IPv4-mapped one is written as IPv4.</param>
    public static int WriteBindingSuccess(
        Span<byte> destination, ReadOnlySpan<byte> transactionId, ReadOnlySpan<byte> address, ushort port, ReadOnlySpan<byte> integrityKey)
    {
        var writer = new MessageWriter(destination, StunClass.SuccessResponse, transactionId);
        writer.XorMappedAddress(address, port);
        return writer.Finish(integrityKey);
    }

    /// <summary>
    /// Writes an error response (RFC 8489 §14.8) without the optional reason phrase, because peers evaluate only the code.
    /// </summary>
    /// <param name="destination">At least <see cref="MaxResponseLength"/> bytes.</param>
    /// <param name="code">300–699.</param>
    /// <param name="integrityKey">Empty: no MESSAGE-INTEGRITY, for a request that did not authenticate.</param>
    /// <param name="unknownAttributes">For a 420 (RFC 8489 §6.3.1).</param>
    public static int WriteBindingError(
        Span<byte> destination,
        ReadOnlySpan<byte> transactionId,
        int code,
        ReadOnlySpan<byte> integrityKey,
        ReadOnlySpan<ushort> unknownAttributes = default)
    {
        var writer = new MessageWriter(destination, StunClass.ErrorResponse, transactionId);
        Span<byte> error = [0, 0, (byte)(code / 100), (byte)(code % 100)];
        writer.Attribute(StunAttribute.ErrorCode, error);
        if (!unknownAttributes.IsEmpty)
        {
            var types = unknownAttributes[..Math.Min(unknownAttributes.Length, MaxUnknownAttributes)];
            var value = writer.Reserve(StunAttribute.UnknownAttributes, types.Length * 2);
            for (var i = 0; i < types.Length; i++)
                BinaryPrimitives.WriteUInt16BigEndian(value[(i * 2)..], types[i]);
        }

        return writer.Finish(integrityKey);
    }

    /// <summary>Returns the length of a connectivity check without USE-CANDIDATE, in bytes.</summary>
    /// <param name="usernameLength">In bytes.</param>
    public static int RequestLength(int usernameLength) =>
        StunMessage.HeaderLength + 4 + ((usernameLength + 3) & ~3) + 8 + 12 + 4 + StunIntegrity.Length + 8;

    /// <summary>Writes a connectivity check (RFC 8445 §7.2.2).</summary>
    /// <param name="destination">At least <see cref="RequestLength"/> bytes, and 4 more for USE-CANDIDATE.</param>
    /// <param name="username">The answering side's ufrag, a colon, the own ufrag.</param>
    /// <param name="role"><see cref="StunAttribute.IceControlling"/> or <see cref="StunAttribute.IceControlled"/>.</param>
    /// <param name="useCandidate">True: nominate the address pair. Only the controlling side may.</param>
    /// <param name="integrityKey">The answering side's password.</param>
    public static int WriteBindingRequest(
        Span<byte> destination,
        ReadOnlySpan<byte> transactionId,
        ReadOnlySpan<byte> username,
        uint priority,
        StunAttribute role,
        ulong tieBreaker,
        bool useCandidate,
        ReadOnlySpan<byte> integrityKey)
    {
        var writer = new MessageWriter(destination, StunClass.Request, transactionId);
        writer.Attribute(StunAttribute.Username, username);
        BinaryPrimitives.WriteUInt32BigEndian(writer.Reserve(StunAttribute.Priority, 4), priority);
        BinaryPrimitives.WriteUInt64BigEndian(writer.Reserve(role, 8), tieBreaker);
        if (useCandidate)
            writer.Attribute(StunAttribute.UseCandidate, default);
        return writer.Finish(integrityKey);
    }

    private ref struct MessageWriter
    {
        private readonly Span<byte> _message;
        private int _length;

        public MessageWriter(Span<byte> destination, StunClass messageClass, ReadOnlySpan<byte> transactionId)
        {
            _message = destination;
            _length = StunMessage.HeaderLength;
            var type = (int)StunMethod.Binding | (((int)messageClass & 2) << 7) | (((int)messageClass & 1) << 4);
            BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)type);
            BinaryPrimitives.WriteUInt32BigEndian(destination[4..], StunMessage.MagicCookie);
            transactionId[..StunMessage.TransactionIdLength].CopyTo(destination[8..]);
        }

        public void Attribute(StunAttribute type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Reserve(type, value.Length));

        /// <summary>Writes an attribute's header and padding, and returns the span of its value, which the caller must fill.</summary>
        public Span<byte> Reserve(StunAttribute type, int valueLength)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_message[_length..], (ushort)type);
            BinaryPrimitives.WriteUInt16BigEndian(_message[(_length + 2)..], (ushort)valueLength);
            var padded = (valueLength + 3) & ~3;
            var value = _message.Slice(_length + 4, padded);
            value[valueLength..].Clear();
            _length += 4 + padded;
            return value[..valueLength];
        }

        /// <summary>
        /// Appends XOR-MAPPED-ADDRESS (RFC 8489 §14.2): port and address, XOR the cookie and, for IPv6, also the transaction id.
        /// </summary>
        public void XorMappedAddress(ReadOnlySpan<byte> address, ushort port)
        {
            ReadOnlySpan<byte> mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
            if (address.Length == 16 && address.StartsWith(mappedPrefix))
                address = address[mappedPrefix.Length..];

            var value = Reserve(StunAttribute.XorMappedAddress, 4 + address.Length);
            value[0] = 0;
            value[1] = (byte)(address.Length == 4 ? 1 : 2);
            BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(port ^ (StunMessage.MagicCookie >> 16)));
            for (var i = 0; i < address.Length; i++)
                value[4 + i] = (byte)(address[i] ^ _message[4 + i]);
        }

        public int Finish(ReadOnlySpan<byte> integrityKey)
        {
            if (!integrityKey.IsEmpty)
            {
                var offset = _length;
                StunIntegrity.Compute(_message, offset, integrityKey, Reserve(StunAttribute.MessageIntegrity, StunIntegrity.Length));
            }

            var fingerprintOffset = _length;
            var fingerprint = Reserve(StunAttribute.Fingerprint, 4);
            BinaryPrimitives.WriteUInt16BigEndian(_message[2..], (ushort)(_length - StunMessage.HeaderLength));
            BinaryPrimitives.WriteUInt32BigEndian(fingerprint, StunFingerprint.Compute(_message[..fingerprintOffset]));
            return _length;
        }
    }
}
