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
    public void Admission_contains_the_values_of_the_request_the_token_hash_and_the_age_of_the_attempt()
    {
        var (hash, age) = (new byte[] { 1, 2, 3 }, TimeSpan.FromSeconds(2));
        var expected = new Admission(
            Request.Session,
            hash,
            "ada",
            "Ada",
            Grants.Join | Grants.Listen,
            "g1",
            new RegionId("eu-west"),
            Muted: true,
            Deafened: false,
            DateTimeOffset.UnixEpoch,
            Age: age,
            TokenGrants: Grants.Join | Grants.Listen);
        Assert.That(Admission.Of(Request, hash, Restriction.None, age), Is.EqualTo(expected));
    }

    [Test]
    public void Restriction_of_the_identity_mutes_the_member_and_limits_the_grants_of_its_token()
    {
        var restriction = new Restriction { ServerMuted = true, Denied = Grants.Listen | Grants.Speak };
        var admission = Admission.Of(Request, [], restriction, TimeSpan.Zero);
        Assert.That((admission.Grants, admission.ServerMuted), Is.EqualTo((Grants.Join, true)));
        Assert.That(admission.TokenGrants, Is.EqualTo(Request.Grants), "a lift returns them");
    }

    [TestCase(null, "eu-west", Description = "the client measured no region")]
    [TestCase("us-east", "us-east")]
    public void Region_that_the_client_measured_overrides_the_region_of_the_gateway(string? measured, string expected)
    {
        var request = Request with { Region = measured is null ? null : new RegionId(measured) };
        Assert.That(Admission.Of(request, [], Restriction.None, TimeSpan.Zero).Region, Is.EqualTo(new RegionId(expected)));
    }
}
