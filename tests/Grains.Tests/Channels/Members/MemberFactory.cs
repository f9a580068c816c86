using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels.Members;

/// <summary>Creates members and adds them directly to a roster, without a channel.</summary>
internal static class MemberFactory
{
    public static Member Add(this Roster roster, string identity, string? gateway = "g1")
    {
        var member = new Member
        {
            Participant = new Participant
            {
                Session = SessionId.New(),
                Number = roster.NextNumber(),
                Identity = identity,
                Name = identity,
                Grants = Grants.Join | Grants.Speak | Grants.Listen,
                SinceEpoch = new(1),
            },
            TokenHash = [],
            Region = MachineBench.Local,
            GatewayId = gateway,
            TokenGrants = Grants.Join | Grants.Speak | Grants.Listen,
        };
        roster.Add(member);
        return member;
    }
}
