using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>The result of one client message: success, or the error to send to the client.</summary>
/// <param name="Error">None: the command is done.</param>
/// <param name="Detail">The exact flaw, when the sentence of the error does not say it.</param>
/// <param name="RetryAfter">The time until the client may try again, when it is known.</param>
/// <param name="Close">The reason to close the socket after the answer; null: it stays open.</param>
internal readonly record struct CommandOutcome(
    VoiceError Error, string? Detail = null, TimeSpan? RetryAfter = null, SocketCloseReason? Close = null)
{
    public static readonly CommandOutcome Done = new(VoiceError.None);

    public static CommandOutcome TooMany(TimeSpan retryAfter) => new(VoiceError.TooManyRequests, RetryAfter: retryAfter);
}
