namespace Hype.MediaNode.Stun;

/// <summary>The types of STUN attributes (RFC 8489 §18.3, RFC 8445 §16.1). A receiver must understand the types below 0x8000.</summary>
internal enum StunAttribute : ushort
{
    MappedAddress = 0x0001,
    Username = 0x0006,
    MessageIntegrity = 0x0008,
    ErrorCode = 0x0009,
    UnknownAttributes = 0x000A,
    Realm = 0x0014,
    Nonce = 0x0015,
    MessageIntegritySha256 = 0x001C,
    PasswordAlgorithm = 0x001D,
    UserHash = 0x001E,
    XorMappedAddress = 0x0020,
    Priority = 0x0024,
    UseCandidate = 0x0025,
    Software = 0x8022,
    Fingerprint = 0x8028,
    IceControlled = 0x8029,
    IceControlling = 0x802A,
}

internal static class StunAttributes
{
    /// <summary>
    /// Returns true for an attribute that a receiver must understand and that this node does not support; it then answers with error 420
    /// (RFC 8489 §6.3.1).
    /// </summary>
    public static bool IsUnknownRequired(StunAttribute type) => (ushort)type < 0x8000 && type is not
        (StunAttribute.MappedAddress or StunAttribute.Username or StunAttribute.MessageIntegrity or StunAttribute.ErrorCode
        or StunAttribute.UnknownAttributes or StunAttribute.Realm or StunAttribute.Nonce or StunAttribute.MessageIntegritySha256
        or StunAttribute.PasswordAlgorithm or StunAttribute.UserHash or StunAttribute.XorMappedAddress or StunAttribute.Priority
        or StunAttribute.UseCandidate);
}
