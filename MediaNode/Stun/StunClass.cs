namespace Hype.MediaNode.Stun;

/// <summary>The class of a STUN message: two bits of its type (RFC 8489 §5).</summary>
internal enum StunClass
{
    Request = 0,
    Indication = 1,
    SuccessResponse = 2,
    ErrorResponse = 3,
}

/// <summary>The STUN methods (RFC 8489 §18.2). An unlisted method keeps its numeric value, so that the caller can refuse it.</summary>
internal enum StunMethod : ushort
{
    Binding = 1,
}
