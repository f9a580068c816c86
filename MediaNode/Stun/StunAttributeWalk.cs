using System.Buffers.Binary;

namespace Hype.MediaNode.Stun;

/// <summary>Iterates over the attributes of a message whose header is valid (RFC 8489 §14).</summary>
internal ref struct StunAttributeWalk(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _next = StunMessage.HeaderLength;

    /// <summary>The offset of the current attribute's type field in the message.</summary>
    public int Offset { get; private set; }

    public StunAttribute Type { get; private set; }

    public int ValueLength { get; private set; }

    public readonly int ValueOffset => Offset + 4;

    /// <summary>True if the iteration ended because an attribute claims more bytes than the message contains.</summary>
    public bool IsMalformed { get; private set; }

    public bool MoveNext()
    {
        if (_next == _message.Length)
            return false;
        Offset = _next;
        var left = _message.Length - Offset - 4;
        if (left >= 0)
        {
            Type = (StunAttribute)BinaryPrimitives.ReadUInt16BigEndian(_message[Offset..]);
            ValueLength = BinaryPrimitives.ReadUInt16BigEndian(_message[(Offset + 2)..]);
            var padded = (ValueLength + 3) & ~3;
            _next = Offset + 4 + padded;
            if (padded <= left)
                return true;
        }

        IsMalformed = true;
        _next = _message.Length;
        return false;
    }
}
