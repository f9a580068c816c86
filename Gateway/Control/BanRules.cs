using Hype.Gateway.Auth;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Control;

/// <summary>Checks the fields of a ban before the gateway sends it to the channel.</summary>
internal static class BanRules
{
    public const int MaxReasonLength = 256;

    /// <summary>Finds the flaw of a ban, with its error and in a sentence; null when the ban is valid.</summary>
    public static (VoiceError Error, string Sentence)? FlawOf(Ban ban, DateTimeOffset now) =>
        AccessToken.FlawOfIdentity(ban.Identity) is { } flaw ? (VoiceError.InvalidName, flaw)
        : PrintableText.FlawOfDisplay(ban.Reason, MaxReasonLength) is { } reasonFlaw ? (VoiceError.BadMessage, $"The reason {reasonFlaw}")
        // A ban that has ended would lift the existing one.
        : ban.Until <= now ? (VoiceError.BadMessage, "The end of a ban must be in the future. To lift a ban, delete it.")
        : null;
}
