using Hype.Gateway.Auth;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Control;

/// <summary>Checks a ban before the channel is asked to store it.</summary>
internal static class BanRules
{
    public const int MaxReasonLength = 256;

    /// <summary>Why it cannot be shown, stored or meant; null: it can.</summary>
    public static string? FlawOf(Ban ban, DateTimeOffset now) =>
        !AccessToken.IsText(ban.Identity, AccessToken.MaxIdentityLength) || ban.Reason.Length > MaxReasonLength
            ? $"An identity has 1-{AccessToken.MaxIdentityLength} characters, a reason at most {MaxReasonLength}."
            // It would lift the one that is there.
            : ban.Until <= now ? "The end of a ban lies ahead. To lift one, delete it." : null;
}
