using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels.Members;

/// <summary>Functions on the list of a channel's bans, which contains each identity at most once. An expired ban has no effect.</summary>
internal static class Bans
{
    public static bool Forbid(this ImmutableArray<Ban> bans, string identity, DateTimeOffset now) =>
        bans.Any(ban => ban.Identity == identity && ban.Holds(now));

    public static ImmutableArray<Ban> With(this ImmutableArray<Ban> bans, Ban ban, DateTimeOffset now) =>
        bans.Without(ban.Identity, now).Add(ban);

    public static ImmutableArray<Ban> Without(this ImmutableArray<Ban> bans, string identity, DateTimeOffset now) =>
        bans.RemoveAll(ban => ban.Identity == identity || !ban.Holds(now));

    public static bool Holds(this Ban ban, DateTimeOffset now) => ban.Until is null || ban.Until > now;
}
