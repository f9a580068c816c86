using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels.Members;

public sealed class RestrictionsTests
{
    private static readonly Restriction Muted = new() { ServerMuted = true };
    private const Grants All = Grants.Join | Grants.Speak | Grants.Listen;

    [Test]
    public void Restriction_of_an_identity_is_replaced_and_lifted()
    {
        var quiet = new Restriction { Denied = Grants.Speak };
        var restrictions = ImmutableArray<RestrictedIdentity>.Empty.With("eve", Muted).With("mallory", quiet).With("eve", Muted | quiet);
        Assert.That(restrictions.Of("eve"), Is.EqualTo(new Restriction { ServerMuted = true, Denied = Grants.Speak }));
        Assert.That(restrictions.Of("ada"), Is.EqualTo(Restriction.None));
        restrictions = restrictions.With("eve", Restriction.None);
        Assert.That(restrictions, Is.EqualTo(new[] { new RestrictedIdentity("mallory", quiet) }));
    }

    [Test]
    public void Equal_restriction_is_a_new_entry_that_the_end_of_the_channel_before_it_does_not_remove()
    {
        var before = ImmutableArray<RestrictedIdentity>.Empty.With("eve", Muted);
        var repeated = before.With("eve", Muted);
        Assert.That(repeated, Is.EqualTo(before));
        Assert.That(repeated.RemoveRange(before, ReferenceEqualityComparer.Instance), Is.EqualTo(before));
    }

    [Test]
    public void Restriction_beyond_the_capacity_removes_the_oldest_one()
    {
        var restrictions = Enumerable.Range(0, Restrictions.Capacity)
            .Aggregate(ImmutableArray<RestrictedIdentity>.Empty, (list, number) => list.With($"person-{number}", Muted));
        restrictions = restrictions.With("person-0", new Restriction { Denied = Grants.Speak }).With("eve", Muted);
        Assert.That(restrictions, Has.Length.EqualTo(Restrictions.Capacity));
        Assert.That(restrictions.Of("person-1"), Is.EqualTo(Restriction.None), "the oldest");
        Assert.That(restrictions.Of("person-0").Denied, Is.EqualTo(Grants.Speak), "a changed restriction is new");
        Assert.That(restrictions.Of("eve"), Is.EqualTo(Muted));
    }

    [TestCase(All, Grants.Join | Grants.Listen, Grants.Speak, Description = "reduced")]
    [TestCase(Grants.Join | Grants.Listen, All, default(Grants), Description = "a grant beyond the token is no restriction")]
    [TestCase(All, All | Grants.Moderate, default(Grants))]
    public void Changed_grants_deny_the_grants_that_the_member_had(Grants before, Grants after, Grants denied) =>
        Assert.That(Restriction.None.WithGrants(before, after).Denied, Is.EqualTo(denied));

    [Test]
    public void Denied_grant_is_denied_until_a_moderator_returns_it()
    {
        var quiet = Restriction.None.WithGrants(All, Grants.Join | Grants.Listen);
        Assert.That(quiet.Limit(All), Is.EqualTo(Grants.Join | Grants.Listen));
        var deaf = quiet.WithGrants(Grants.Join | Grants.Listen, Grants.Join);
        Assert.That(deaf.Denied, Is.EqualTo(Grants.Speak | Grants.Listen));
        Assert.That(deaf.WithGrants(Grants.Join, All), Is.EqualTo(Restriction.None));
    }
}
