using System.Text.Json;
using Hype.Gateway.Hosting;
using Hype.Gateway.Tests.Testing;
using Hype.Silo.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Hype.Gateway.Tests.Hosting;

/// <summary>Tests the gateway with real grains in one process, as <c>dotnet run</c> starts them, but without a media node.</summary>
public sealed class EmbeddedSiloTests
{
    private string _folder = null!;
    private WebApplication _app = null!;

    private Uri Url => new(_app.Urls.First());

    [OneTimeSetUp]
    public async Task SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("hype-gateway-tests-").FullName;
        var builder = GatewayHost.Configured("Development", ("Hype:Storage:Path", Path.Combine(_folder, "hype.db")));
        builder.AddHypeGateway();
        builder.AddHypeSilo();
        _app = builder.Build();
        _app.MapHypeGateway();
        await _app.StartAsync();
    }

    [OneTimeTearDown]
    public async Task TearDown()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Two_members_join_a_mesh_and_exchange_signals()
    {
        using var ada = await JoinAsync("mesh", "ada");
        using var bob = await JoinAsync("mesh", "bob");
        Assert.That(bob.Welcome.GetProperty("layout").GetProperty("mode").GetString(), Is.EqualTo("p2p"));
        Assert.That(
            bob.Welcome.GetProperty("participants").EnumerateArray().Select(line => line.GetProperty("identity").GetString()),
            Is.EqualTo(new[] { "ada", "bob" }));
        var diff = await ada.ExpectAsync("rosterDiff");
        Assert.That(diff.GetProperty("joined")[0].GetProperty("number").GetUInt32(), Is.EqualTo(bob.Number.Value));

        await bob.SendAsync($$$"""{"type":"signal","to":{{{ada.Number}}},"epoch":1,"description":{"type":"offer","sdp":"v=0\r\n"}}""");
        Assert.That(
            (await ada.ExpectAsync("signal")).ToString(),
            Is.EqualTo($$$"""{"type":"signal","from":{{{bob.Number}}},"epoch":1,"description":{"type":"offer","sdp":"v=0\r\n"}}"""));
        await ada.SendAsync($$"""{"type":"signal","to":{{bob.Number}},"epoch":1,"candidate":null}""");
        Assert.That((await bob.ExpectAsync("signal")).GetProperty("candidate").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Resume_preserves_the_member_number_and_delivers_the_missed_signal()
    {
        using var ada = await JoinAsync("resume", "ada");
        using var bob = await JoinAsync("resume", "bob");
        bob.Abort();
        await ExpectParticipantAsync(ada, bob.Number, line => line.GetProperty("away").GetBoolean());
        await ada.SendAsync($$"""{"type":"signal","to":{{bob.Number}},"epoch":1,"candidate":null}""");
        await ada.PingAsync();

        using var again = await VoiceClient.ConnectAsync(Url);
        await again.SendAsync($$"""{"type":"resume","channel":"resume","resumeToken":"{{bob.ResumeToken}}"}""");
        var welcome = await again.ExpectAsync("welcome");
        Assert.That(welcome.GetProperty("resumed").GetBoolean(), Is.True);
        Assert.That(welcome.GetProperty("number").GetUInt32(), Is.EqualTo(bob.Number.Value));
        Assert.That((await again.ExpectAsync("signal")).GetProperty("from").GetUInt32(), Is.EqualTo(ada.Number.Value));
        await ExpectParticipantAsync(ada, bob.Number, line => !line.GetProperty("away").GetBoolean());
    }

    [Test]
    public async Task Session_resumed_before_the_old_socket_is_lost_is_not_marked_as_away()
    {
        using var bob = await JoinAsync("crossing", "bob");
        var present = await JoinAsync("crossing", "ada");
        var (token, number) = (present.ResumeToken, present.Number);
        for (var i = 0; i < 10; i++)
        {
            var next = await VoiceClient.ConnectAsync(Url);
            await next.SendAsync($$"""{"type":"resume","channel":"crossing","resumeToken":"{{token}}"}""");
            present.Abort();
            present.Dispose();
            present = next;
            await present.ExpectAsync("welcome");
        }

        // In any order of the two calls ada stays: the change with the mute shows ada as present.
        await present.SendAsync("""{"type":"state","muted":true,"deafened":false}""");
        await ExpectParticipantAsync(
            bob, number, line => line.GetProperty("muted").GetBoolean() && !line.GetProperty("away").GetBoolean());
        present.Dispose();
    }

    [Test]
    public async Task Second_join_of_an_identity_replaces_the_first_session()
    {
        using var first = await JoinAsync("replace", "ada");
        using var second = await JoinAsync("replace", "ada");
        Assert.That(await first.ExpectCloseAsync(), Is.EqualTo(("replaced", 4006)));
        Assert.That(second.Welcome.GetProperty("participants").GetArrayLength(), Is.EqualTo(1));
        await second.PingAsync();
    }

    [Test]
    public async Task Leave_is_published_to_the_other_members()
    {
        using var ada = await JoinAsync("leave", "ada");
        using var bob = await JoinAsync("leave", "bob");
        await bob.SendAsync("""{"type":"leave"}""");
        Assert.That(await bob.ExpectCloseAsync(), Is.EqualTo(("left", 1000)));
        JsonElement diff;
        do
            diff = await ada.ExpectAsync("rosterDiff");
        while (diff.GetProperty("left").GetArrayLength() == 0);
        Assert.That(diff.GetProperty("left")[0].ToString(), Is.EqualTo($$"""{"number":{{bob.Number}},"reason":"left"}"""));
    }

    [Test]
    public async Task Kicked_member_receives_the_reason()
    {
        using var ada = await JoinAsync("kick", "ada");
        using var http = new HttpClient { BaseAddress = Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token("mod", "moderate"));
        using var response = await http.PostAsync($"/api/voice/channels/kick/participants/{ada.Number}/kick", null);
        Assert.That(response.IsSuccessStatusCode, Is.True);
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("kicked", 4007)));
    }

    private async Task<VoiceClient> JoinAsync(string channel, string identity)
    {
        var client = await VoiceClient.ConnectAsync(Url);
        await client.SendAsync($$"""{"type":"join","channel":"{{channel}}","token":"{{Token(identity, "join", "speak", "listen")}}"}""");
        client.Welcome = await client.ExpectAsync("welcome");
        return client;
    }

    private static string Token(string identity, params string[] grants) =>
        Tokens.Mint(identity, "*", DateTimeOffset.UtcNow.AddHours(1), grants);

    /// <summary>
    /// Reads messages until one describes a participant in the expected state: a <c>rosterDiff</c>, or the <c>roster</c> that repairs a
    /// gap in the batches.
    /// </summary>
    private static async Task ExpectParticipantAsync(VoiceClient client, MemberNumber number, Predicate<JsonElement> expected)
    {
        while (await client.ReceiveAsync() is { } message)
        {
            var participants = message.TryGetProperty("changed", out var changed) ? [.. changed.EnumerateArray()]
                : message.TryGetProperty("participants", out var roster) ? roster.EnumerateArray().ToArray()
                : [];
            if (participants.Any(line => line.GetProperty("number").GetUInt32() == number.Value && expected(line)))
                return;
        }

        Assert.Fail($"The socket closed before participant {number} had the expected state.");
    }
}
