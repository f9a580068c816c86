using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Messages;

/// <summary>Why a gateway closes a socket; the name is <c>bye.reason</c>.</summary>
internal enum CloseReason
{
    Left,
    BadMessage,
    MessageTooLarge,
    JoinTimeout,
    Unauthorized,
    Silent,
    Slow,
    Replaced,
    Kicked,
    Banned,
    Shutdown,
    SessionExpired,
    ChannelClosed,
    MediaUnavailable,
    Dropped,
    Revoked,
}

/// <param name="Code">WebSocket close code (RFC 6455 §7.4.2: 4000–4999 are private).</param>
/// <param name="Reconnect">Resume if you can, else join again; false: stay away.</param>
internal sealed record CloseDescription(int Code, bool Reconnect, string Sentence);

/// <summary>The close codes of docs/signaling.md. Part of the protocol: add, never change.</summary>
internal static class CloseReasons
{
    public static CloseDescription Describe(CloseReason reason) => reason switch
    {
        CloseReason.Left => new(1000, false, "You left the channel."),
        CloseReason.BadMessage => new(4000, false, "Too many messages on this socket were not valid."),
        CloseReason.MessageTooLarge => new(4001, false, "A message was larger than limits.maxMessageBytes."),
        CloseReason.JoinTimeout => new(4002, true, "Neither join nor resume came in time."),
        CloseReason.Unauthorized => new(4003, false, "The token was refused: get a new one."),
        CloseReason.Silent => new(4004, true, "Nothing was received for three ping intervals."),
        CloseReason.Slow => new(4005, true, "This client does not read what it is sent."),
        CloseReason.Replaced => new(4006, false, "The same identity joined this channel from somewhere else."),
        CloseReason.Kicked => new(4007, false, "A moderator removed you from the channel."),
        CloseReason.Banned => new(4008, false, "A moderator banned you from the channel."),
        CloseReason.Shutdown => new(4009, true, "This gateway stops: another one takes over."),
        CloseReason.SessionExpired => new(4010, false, "The session is over and cannot be resumed: join again."),
        CloseReason.ChannelClosed => new(4011, false, "An administrator closed the channel."),
        CloseReason.MediaUnavailable => new(4012, true, "No way to carry your audio could be built: try again."),
        CloseReason.Dropped => new(4013, true, "Dropped, as simulate asked for."),
        CloseReason.Revoked => new(4014, false, "Your token was revoked: sign in to the application again."),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A close reason without a description."),
    };

    /// <summary>What a session's end means for its socket.</summary>
    public static CloseReason From(LeaveReason reason) => reason switch
    {
        LeaveReason.Left => CloseReason.Left,
        LeaveReason.TimedOut => CloseReason.SessionExpired,
        LeaveReason.Replaced => CloseReason.Replaced,
        LeaveReason.Kicked => CloseReason.Kicked,
        LeaveReason.Banned => CloseReason.Banned,
        LeaveReason.ChannelClosed => CloseReason.ChannelClosed,
        LeaveReason.MediaUnavailable => CloseReason.MediaUnavailable,
        // Whose gateway did not hear where to: the seat there can be resumed only with its token, so it joins anew.
        LeaveReason.Moved => CloseReason.SessionExpired,
        LeaveReason.Revoked => CloseReason.Revoked,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A leave reason without a close reason."),
    };
}
