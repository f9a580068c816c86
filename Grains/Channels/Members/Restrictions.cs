using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels.Members;

/// <summary>Functions on the list of a channel's restrictions, which contains each identity at most once, in the order of age.</summary>
internal static class Restrictions
{
    /// <summary>The largest number of restricted identities of a channel; a further one removes the oldest one.</summary>
    public const int Capacity = 1_000;

    public static Restriction Of(this ImmutableArray<RestrictedIdentity> restrictions, string identity) =>
        restrictions.FirstOrDefault(restricted => restricted.Identity == identity)?.Restriction ?? Restriction.None;

    /// <summary>
    /// Replaces the restriction of an identity, with a new entry also for an equal one: the end of the channel removes the entries from
    /// before it only. <see cref="Restriction.None"/> removes it.
    /// </summary>
    public static ImmutableArray<RestrictedIdentity> With(
        this ImmutableArray<RestrictedIdentity> restrictions, string identity, Restriction restriction)
    {
        var others = restrictions.RemoveAll(restricted => restricted.Identity == identity);
        if (restriction == Restriction.None)
            return others;
        return (others.Length < Capacity ? others : others.RemoveAt(0)).Add(new RestrictedIdentity(identity, restriction));
    }
}
