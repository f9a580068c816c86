using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Inputs;

namespace Hype.Grains.Tests.Channels.Inputs;

public sealed class AdmissionTests
{
    private static readonly GatewayRef Gateway = new("g1", new RegionId("eu-west"), null!);
    private static readonly JoinRequest Request = new()
    {
        Identity = "ada",
        Name = "Ada",
        Grants = Grants.Join | Grants.Listen,
        Gateway = Gateway,
        Muted = true,
        TokenIssuedAt = DateTimeOffset.UnixEpoch,
    };

    [Test]
    public void Admission_contains_the_values_of_the_request_the_new_session_and_the_token_hash()
    {
        var (session, hash) = (SessionId.New(), new byte[] { 1, 2, 3 });
        var expected = new Admission(
            session,
            hash,
            "ada",
            "Ada",
            Grants.Join | Grants.Listen,
            "g1",
            new RegionId("eu-west"),
            Muted: true,
            Deafened: false,
            DateTimeOffset.UnixEpoch);
        Assert.That(Admission.Of(Request, session, hash, Restriction.None), Is.EqualTo(expected));
    }

    [Test]
    public void Restriction_of_the_identity_mutes_the_member_and_limits_the_grants_of_its_token()
    {
        var restriction = new Restriction { ServerMuted = true, Denied = Grants.Listen | Grants.Speak };
        var admission = Admission.Of(Request, SessionId.New(), [], restriction);
        Assert.That((admission.Grants, admission.ServerMuted), Is.EqualTo((Grants.Join, true)));
    }

    [TestCase(null, "eu-west", Description = "the client measured no region")]
    [TestCase("us-east", "us-east")]
    public void Region_that_the_client_measured_overrides_the_region_of_the_gateway(string? measured, string expected)
    {
        var request = Request with { Region = measured is null ? null : new RegionId(measured) };
        Assert.That(Admission.Of(request, SessionId.New(), [], Restriction.None).Region, Is.EqualTo(new RegionId(expected)));
    }
}
