using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels.Members;

public sealed class MemberTests
{
    [TestCase(Grants.Speak | Grants.Listen, false, false, false, true, true)]
    [TestCase(Grants.Speak | Grants.Listen, true, false, false, false, true)]
    [TestCase(Grants.Speak | Grants.Listen, false, true, false, false, true)]
    [TestCase(Grants.Speak | Grants.Listen, false, false, true, true, false)]
    [TestCase(Grants.Listen, false, false, false, false, true)]
    [TestCase(Grants.Speak, false, false, false, true, false)]
    public void Speak_and_listen_permissions_of_a_member_follow_from_grants_mutes_and_deafening(
        Grants grants, bool muted, bool serverMuted, bool deafened, bool canSpeak, bool canListen)
    {
        var member = new Roster().Add("ada");
        var changed = member.Participant with { Grants = grants, Muted = muted, ServerMuted = serverMuted, Deafened = deafened };
        member = member with { Participant = changed };
        Assert.That((member.CanSpeak, member.CanListen), Is.EqualTo((canSpeak, canListen)));
    }

    [Test]
    public void Away_member_has_no_gateway_until_the_member_returns()
    {
        var away = new Roster().Add("ada").AwaySince(DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(30));
        Assert.That(
            (away.GatewayId, away.Away, away.AwayUntil),
            Is.EqualTo(((string?)null, true, (DateTimeOffset?)DateTimeOffset.UnixEpoch.AddSeconds(30))));
        var back = away.AtGateway("g2");
        Assert.That((back.GatewayId, back.Away, back.AwayUntil), Is.EqualTo(("g2", false, (DateTimeOffset?)null)));
    }
}
