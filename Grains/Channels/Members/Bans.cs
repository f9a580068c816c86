using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels.Members;

/// <summary>Functions on the list of a channel's bans, which contains each identity at most once. An expired ban has no effect.</summary>
internal static class Bans
{
    /// <summary>The largest number of bans of a channel that have not expired; a channel refuses a further one.</summary>
    public const int Capacity = 1_000;

    /// <summary>Returns whether the list has a place for the ban of an identity, which may be banned already.</summary>
    public static bool HasPlaceFor(this ImmutableArray<Ban> bans, string identity, DateTimeOffset now) =>
        bans.Without(identity, now).Length < Capacity;

    public static bool Forbid(this ImmutableArray<Ban> bans, string identity, DateTimeOffset now) =>
        bans.Any(ban => ban.Identity == identity && ban.Holds(now));

    public static ImmutableArray<Ban> With(this ImmutableArray<Ban> bans, Ban ban, DateTimeOffset now) =>
        bans.Without(ban.Identity, now).Add(ban);

    public static ImmutableArray<Ban> Without(this ImmutableArray<Ban> bans, string identity, DateTimeOffset now) =>
        bans.RemoveAll(ban => ban.Identity == identity || !ban.Holds(now));

    public static bool Holds(this Ban ban, DateTimeOffset now) => ban.Until is null || ban.Until > now;
}
