using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Messages;

/// <summary>The reason for which a gateway closes a socket; its wire name is <c>bye.reason</c>.</summary>
internal enum SocketCloseReason
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
    JoinRefused,
    SendTimeout,
}

/// <summary>The close code of a reason, the sentence for the client, and whether the client should reconnect.</summary>
/// <param name="Code">WebSocket close code (RFC 6455 §7.4.2: 4000–4999 are private).</param>
/// <param name="Reconnect">True: the client resumes if it can, or joins again. False: it stays disconnected.</param>
/// <param name="Sentence">The sentence for people.</param>
internal sealed record CloseDescription(int Code, bool Reconnect, string Sentence);

/// <summary>The close codes of docs/signaling.md. They are part of the protocol: add new ones, and change none.</summary>
internal static class SocketCloseReasons
{
    public static CloseDescription Describe(SocketCloseReason reason) => reason switch
    {
        SocketCloseReason.Left => new(1000, false, "You left the channel."),
        SocketCloseReason.BadMessage => new(4000, false, "Too many messages on this socket were not valid."),
        SocketCloseReason.MessageTooLarge => new(4001, false, "A message was larger than limits.maxMessageBytes."),
        SocketCloseReason.JoinTimeout => new(4002, true, "The socket sent neither join nor resume in time."),
        SocketCloseReason.Unauthorized => new(4003, false, "The token was refused: get a new one."),
        SocketCloseReason.Silent => new(4004, true, "Nothing was received for three ping intervals."),
        SocketCloseReason.Slow => new(4005, true, "This client does not read its messages: too many messages or bytes wait for it."),
        SocketCloseReason.Replaced => new(4006, false, "The same identity joined this channel on another connection."),
        SocketCloseReason.Kicked => new(4007, false, "A moderator removed you from the channel."),
        SocketCloseReason.Banned => new(4008, false, "A moderator banned you from the channel."),
        SocketCloseReason.Shutdown => new(4009, true, "This gateway stops: connect to another one."),
        SocketCloseReason.SessionExpired => new(4010, false, "The session is over and cannot be resumed: join again."),
        SocketCloseReason.ChannelClosed => new(4011, false, "An administrator closed the channel."),
        SocketCloseReason.MediaUnavailable => new(4012, true, "No transport for your audio could be built: try again."),
        SocketCloseReason.Dropped => new(4013, true, "Dropped, as simulate asked for."),
        SocketCloseReason.Revoked => new(4014, false, "Your token was revoked: sign in to the application again."),
        SocketCloseReason.JoinRefused => new(4015, false, "Three joins were refused on this socket: see the errors before."),
        SocketCloseReason.SendTimeout => new(4016, true, "A message could not be sent to this client in time: it does not read."),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A close reason without a description."),
    };

    /// <summary>Returns the reason with which to close a socket whose session has ended.</summary>
    public static SocketCloseReason From(LeaveReason reason) => reason switch
    {
        LeaveReason.Left => SocketCloseReason.Left,
        LeaveReason.TimedOut => SocketCloseReason.SessionExpired,
        LeaveReason.Replaced => SocketCloseReason.Replaced,
        LeaveReason.Kicked => SocketCloseReason.Kicked,
        LeaveReason.Banned => SocketCloseReason.Banned,
        LeaveReason.ChannelClosed => SocketCloseReason.ChannelClosed,
        LeaveReason.MediaUnavailable => SocketCloseReason.MediaUnavailable,
        // This gateway did not receive the transfer: the new seat can be resumed only with its own token, so the client joins again.
        LeaveReason.Moved => SocketCloseReason.SessionExpired,
        LeaveReason.Revoked => SocketCloseReason.Revoked,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A leave reason without a close reason."),
    };
}
