using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hype.Gateway.Auth;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Tests.Control.Rest;

/// <summary>What a gateway makes of a revocation: who may order it, what a revoked token still opens (nothing), and what a client is told.</summary>
public sealed class RevocationTests() : GatewayFixture("Production")
{
    [Test]
    public async Task An_administrator_revokes_and_nobody_else()
    {
        const string Path = "/api/voice/identities/mallory/revoke";
        foreach (var (token, status) in new[] { (null, HttpStatusCode.Unauthorized), (Gateway.Token("ada", "lobby", "moderate"), HttpStatusCode.Forbidden), (Gateway.Token("root", "*", "moderate"), HttpStatusCode.NoContent) })
        {
            using var http = Gateway.Http(token);
            Assert.That((await http.PostAsync(Path, null)).StatusCode, Is.EqualTo(status));
        }

        Assert.That(Gateway.Cluster.Identity("mallory").KeptFor, Is.EqualTo(new AuthOptions().MaxTokenLifetime), "as long as the longest-lived token can be shown");
    }

    [Test]
    public async Task An_identity_that_no_token_can_name_is_a_bad_message()
    {
        using var http = Gateway.Http(Gateway.Token("root", "*", "moderate"));
        await ExpectProblemAsync(await http.PostAsync($"/api/voice/identities/{new string('a', 129)}/revoke", null), HttpStatusCode.BadRequest, "badMessage");
    }

    [Test]
    public async Task A_revoked_token_opens_nothing()
    {
        using var http = Gateway.Http(Gateway.Token("root", "*", "moderate"));
        Assert.That((await http.GetAsync("/api/voice/channels")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Gateway.Cluster.Identity("root").RevokedUpTo = Gateway.Time.GetUtcNow();
        await ExpectProblemAsync(await http.GetAsync("/api/voice/channels"), HttpStatusCode.Unauthorized, "revoked");
    }

    [Test]
    public async Task A_token_of_which_nobody_knows_opens_nothing_for_now()
    {
        Gateway.Cluster.Identity("root").Failure = new TimeoutException("No silo.");
        using var http = Gateway.Http(Gateway.Token("root", "*", "moderate"));
        await ExpectProblemAsync(await http.GetAsync("/api/voice/channels"), HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    [Test]
    public async Task A_join_that_the_channel_refuses_as_revoked_is_told_to_stay_away()
    {
        Lobby.JoinError = VoiceError.Revoked;
        using var client = await Gateway.ConnectAsync();
        await client.SendAsync($$"""{"type":"join","channel":"lobby","token":"{{Gateway.Token("mallory")}}"}""");
        Assert.That(await client.ExpectErrorAsync(), Is.EqualTo("revoked"));
        Assert.That(await client.ExpectCloseAsync(), Is.EqualTo(("revoked", 4014)));
    }

    [Test]
    public async Task A_session_that_is_ended_by_it_is_told_to_stay_away()
    {
        using var mallory = await Gateway.JoinAsync("mallory");
        var channel = Lobby;
        await channel.Tell(new SessionEnded(channel.Find(mallory.Number).Session, LeaveReason.Revoked));
        Assert.That(await mallory.ExpectCloseAsync(), Is.EqualTo(("revoked", 4014)));
    }

    private static async Task ExpectProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), Is.EqualTo(code));
    }
}
