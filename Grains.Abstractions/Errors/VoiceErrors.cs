namespace Hype.Grains.Abstractions.Errors;

/// <summary>The description of an error: its name on the wire, a sentence for people, and whether a retry can succeed.</summary>
public sealed record VoiceErrorDescription(string Name, string Sentence, bool Retryable);

/// <summary>
/// The descriptions of all errors (<see cref="VoiceError"/>). The names are part of the protocol: names may be added, but never changed.
/// </summary>
public static class VoiceErrors
{
    public static VoiceErrorDescription Describe(VoiceError code) => code switch
    {
        VoiceError.BadMessage =>
            new("badMessage", "The message is not valid: send one JSON object with the fields that docs/signaling.md lists.", false),
        VoiceError.UnknownType => new("unknownType", "This message type does not exist in hype.voice.v1: see docs/signaling.md.", false),
        VoiceError.MessageTooLarge =>
            new("messageTooLarge", "The message is larger than its limit: see limits.maxMessageBytes in welcome.", false),
        VoiceError.OutOfOrder => new("outOfOrder", "This message is not allowed now: join or resume first, and only once.", false),
        VoiceError.Unsupported => new("unsupported", "This deployment does not offer that.", false),
        VoiceError.Unauthorized =>
            new("unauthorized", "The token is missing, expired or not signed by a known key: get a new one.", false),
        VoiceError.Forbidden => new("forbidden", "The token does not allow this in this channel.", false),
        VoiceError.Banned => new("banned", "This identity is banned from the channel.", false),
        VoiceError.SessionExpired => new("sessionExpired", "The session is over and cannot be resumed: join again.", false),
        VoiceError.Revoked => new("revoked", "The token was revoked: sign in to the application again.", false),
        VoiceError.InvalidCertificate =>
            new("invalidCertificate", "The client certificate is expired, or not one that administers this deployment.", false),
        VoiceError.InvalidName => new(
            "invalidName",
            "An identity has 1-128 visible characters, a name at most 64: none that is invisible or changes the direction of the text.",
            false),
        VoiceError.InvalidChannel => new("invalidChannel", "A channel id has 1-64 visible characters, without '*'.", false),
        VoiceError.ChannelFull =>
            new("channelFull", "The channel has as many members as it admits: try again when someone has left.", true),
        VoiceError.UnknownChannel => new("unknownChannel", "No channel of this name has participants.", false),
        VoiceError.UnknownParticipant => new("unknownParticipant", "No participant with this number is in the channel.", false),
        VoiceError.InvalidSettings => new("invalidSettings", "A setting is out of its range: see docs/signaling.md.", false),
        VoiceError.InvalidAnswer => new(
            "invalidAnswer",
            "The SDP answer does not fit the offer: answer each m-line, with opus, BUNDLE, rtcp-mux and a=setup:active.",
            false),
        VoiceError.StaleEpoch => new("staleEpoch", "The message belongs to a layout that is not there: use the newest epoch.", false),
        VoiceError.UnknownNode => new("unknownNode", "No media node of this name is registered.", false),
        VoiceError.ChannelExists =>
            new("channelExists", "A channel of this name was created before: update it, or close it first.", false),
        VoiceError.InvalidAttributes =>
            new(
                "invalidAttributes",
                "A participant has at most 16 attributes: keys of 1-64 visible characters, values of at most 256.",
                false),
        VoiceError.MeshNotAllowed => new(
            "meshNotAllowed",
            "The channel may not be a mesh: this deployment forbids meshes, or the channel has too many participants; use auto or sfu.",
            false),
        VoiceError.UnknownBan => new("unknownBan", "This identity is not banned from the channel.", false),
        VoiceError.UnknownRestriction =>
            new("unknownRestriction", "A moderator has neither muted this identity in the channel nor denied it a grant.", false),
        VoiceError.TooManyBans =>
            new("tooManyBans", "The channel has as many bans as it can hold: lift one, or revoke the identity's tokens.", false),
        VoiceError.Unavailable => new("unavailable", "The service cannot do this right now: try again shortly.", true),
        VoiceError.TooManyRequests => new("tooManyRequests", "Too many requests: wait retryAfterMs, then try again.", true),
        VoiceError.Internal => new("internal", "Something went wrong on the server: try again, and report it if it stays.", true),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "An error code without a description."),
    };
}
