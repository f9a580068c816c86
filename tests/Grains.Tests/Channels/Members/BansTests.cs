using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels.Members;

public sealed class BansTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Test]
    public void Ban_is_not_effective_after_the_expiry_time()
    {
        ImmutableArray<Ban> bans = [new Ban("eve", "noise", Now.AddSeconds(1)), new Ban("mallory", "spam", null)];
        Assert.That(bans.Forbid("eve", Now));
        Assert.That(bans.Forbid("eve", Now.AddSeconds(1)), Is.False);
        Assert.That(bans.Forbid("mallory", Now.AddYears(100)));
        Assert.That(bans.Forbid("ada", Now), Is.False);
    }

    [Test]
    public void Second_ban_of_an_identity_replaces_the_first_and_expired_bans_are_removed()
    {
        ImmutableArray<Ban> bans = [new Ban("eve", "noise", null), new Ban("old", "", Now)];
        var again = new Ban("eve", "more noise", Now.AddDays(1));
        Assert.That(bans.With(again, Now), Is.EqualTo(new[] { again }));
        Assert.That(bans.Without("eve", Now), Is.Empty);
    }

    [Test]
    public void Full_list_has_a_place_only_for_a_banned_identity_or_after_a_ban_has_expired()
    {
        ImmutableArray<Ban> bans = [.. Enumerable.Range(1, Bans.Capacity - 1).Select(number => new Ban($"person-{number}", "", null))];
        Assert.That(bans.HasPlaceFor("eve", Now));
        bans = bans.With(new Ban("eve", "", Now.AddSeconds(1)), Now);
        Assert.That(bans.HasPlaceFor("mallory", Now), Is.False);
        Assert.That(bans.HasPlaceFor("eve", Now), "the ban is replaced");
        Assert.That(bans.HasPlaceFor("mallory", Now.AddSeconds(1)), "the ban has expired");
    }
}
