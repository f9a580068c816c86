namespace Hype.MediaNode.Stun;

/// <summary>The class of a STUN message: two bits of its type (RFC 8489 §5).</summary>
internal enum StunClass
{
    Request = 0,
    Indication = 1,
    SuccessResponse = 2,
    ErrorResponse = 3,
}

/// <summary>The methods of RFC 8489 §18.2. Other methods are read as their number, so that a caller can refuse them.</summary>
internal enum StunMethod : ushort
{
    Binding = 1,
}
