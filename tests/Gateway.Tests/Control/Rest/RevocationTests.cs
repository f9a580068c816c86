using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hype.Gateway.Auth;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Tests.Control.Rest;

/// <summary>Tests revocation at a gateway: the right to revoke, the refusal of revoked tokens, and the messages to clients.</summary>
public sealed class RevocationTests() : GatewayFixture("Production")
{
    [Test]
    public async Task Revocation_requires_an_administrator()
    {
        const string Path = "/api/voice/identities/mallory/revoke";
        foreach (var (token, status) in new[]
        {
            (null, HttpStatusCode.Unauthorized),
            (Gateway.Token("ada", "lobby", "moderate"), HttpStatusCode.Forbidden),
            (Gateway.Token("root", "*", "moderate"), HttpStatusCode.OK),
        })
        {
            using var http = Gateway.Http(token);
            Assert.That((await http.PostAsync(Path, null)).StatusCode, Is.EqualTo(status));
        }

        Assert.That(
            Gateway.Cluster.Identity("mallory").RevocationLifetime,
            Is.EqualTo(new AuthOptions().MaxTokenLifetime),
            "as long as a token of the longest lifetime is valid");
    }

    [Test]
    public async Task Revocation_of_an_invalid_identity_is_refused_as_an_invalid_name()
    {
        using var http = Gateway.Http(Gateway.Token("root", "*", "moderate"));
        await ExpectProblemAsync(
            await http.PostAsync($"/api/voice/identities/{new string('a', 129)}/revoke", null), HttpStatusCode.BadRequest, "invalidName");
    }

    [Test]
    public async Task Revoked_token_is_refused()
    {
        using var http = Gateway.Http(Gateway.Token("root", "*", "moderate"));
        Assert.That((await http.GetAsync("/api/voice/channels")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Gateway.Cluster.Identity("root").RevokedUpTo = Gateway.Time.GetUtcNow();
        await ExpectProblemAsync(await http.GetAsync("/api/voice/channels"), HttpStatusCode.Unauthorized, "revoked");
    }

    [Test]
    public async Task Request_fails_with_unavailable_if_the_revocation_of_the_token_cannot_be_checked()
    {
        Gateway.Cluster.Identity("root").Failure = new TimeoutException("No silo.");
        using var http = Gateway.Http(Gateway.Token("root", "*", "moderate"));
        await ExpectProblemAsync(await http.GetAsync("/api/voice/channels"), HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    [Test]
    public async Task Join_with_a_revoked_token_closes_the_socket_as_revoked()
    {
        Lobby.JoinError = VoiceError.Revoked;
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{Gateway.Token("mallory")}}"}""");
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("revoked"));
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("revoked", 4014)));
    }

    [Test]
    public async Task Socket_of_a_session_ended_by_a_revocation_is_closed_as_revoked()
    {
        using var mallory = await Gateway.JoinAsync("mallory");
        var channel = Lobby;
        await channel.Publish(new SessionEnded(channel.Find(mallory.Number).Session, LeaveReason.Revoked));
        Assert.That(await mallory.ExpectCloseAsync(), Is.EqualTo(("revoked", 4014)));
    }

    private static async Task ExpectProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), Is.EqualTo(code));
    }
}
