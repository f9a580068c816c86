namespace Hype.Grains.Abstractions.Errors;

/// <summary>
/// The closed set of errors for clients. <see cref="VoiceErrors"/> has the name of each error on the wire, and its sentence for people.
/// </summary>
[Alias("hype.VoiceError")]
public enum VoiceError
{
    /// <summary>Success.</summary>
    None = 0,

    // The message itself
    BadMessage = 1,
    UnknownType = 2,
    MessageTooLarge = 3,
    OutOfOrder = 4,
    Unsupported = 5,

    // The caller
    Unauthorized = 10,
    Forbidden = 11,
    Banned = 12,
    SessionExpired = 13,
    Revoked = 14,
    InvalidCertificate = 15,
    InvalidName = 16,

    // The request
    InvalidChannel = 20,
    ChannelFull = 21,
    UnknownChannel = 22,
    UnknownParticipant = 23,
    InvalidSettings = 24,
    InvalidAnswer = 25,
    StaleEpoch = 26,
    UnknownNode = 27,
    ChannelExists = 28,
    InvalidAttributes = 29,
    MeshNotAllowed = 45,
    UnknownBan = 46,
    UnknownRestriction = 47,
    TooManyBans = 48,

    // The service
    Unavailable = 30,
    TooManyRequests = 32,
    Internal = 39,
}
