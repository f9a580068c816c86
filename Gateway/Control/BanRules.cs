using Hype.Gateway.Auth;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Control;

/// <summary>Checks the fields of a ban before the gateway sends it to the channel.</summary>
internal static class BanRules
{
    public const int MaxReasonLength = 256;

    /// <summary>Finds the flaw of a ban, in a sentence; null when it is valid.</summary>
    public static string? FlawOf(Ban ban, DateTimeOffset now) =>
        !AccessToken.IsText(ban.Identity, AccessToken.MaxIdentityLength) || ban.Reason.Length > MaxReasonLength
            ? $"An identity has 1-{AccessToken.MaxIdentityLength} characters, a reason at most {MaxReasonLength}."
            // A ban that has ended would lift the existing one.
            : ban.Until <= now ? "The end of a ban must be in the future. To lift a ban, delete it." : null;
}
