using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Tests.Control.Rest;

/// <summary>Tests the REST routes of media nodes.</summary>
public sealed class NodesApiTests : GatewayFixture
{
    [SetUp]
    public void SetUp() => Node.Status = StatusOf("node-1");

    private FakeMediaNode Node => Gateway.Cluster.MediaNode("node-1");

    [Test]
    public async Task Nodes_are_listed_with_their_load()
    {
        Gateway.Cluster.MediaNode("node-0").Status = StatusOf("node-0");
        using var http = Gateway.Http();
        var nodes = await http.GetFromJsonAsync<JsonElement>("/api/voice/nodes");
        Assert.That(nodes.EnumerateArray().Select(node => node.GetProperty("node").GetString()), Is.EqualTo(new[] { "node-0", "node-1" }));
        Assert.That(nodes[1].GetProperty("load").GetDouble(), Is.EqualTo(0.5));
        Assert.That(nodes[1].GetProperty("region").GetString(), Is.EqualTo("local"));
    }

    [Test]
    public async Task Node_details_do_not_contain_the_control_token()
    {
        using var http = Gateway.Http();
        var text = await http.GetStringAsync("/api/voice/nodes/node-1");
        Assert.That(JsonDocument.Parse(text).RootElement.GetProperty("endpoints").GetInt32(), Is.EqualTo(3));
        Assert.That(text, Does.Not.Contain(StatusOf("node-1").Registration.ControlToken));
    }

    [TestCase("GET", "nodes/nobody")]
    [TestCase("GET", "nodes/two%20words")]
    [TestCase("POST", "nodes/nobody/drain")]
    [TestCase("DELETE", "nodes/nobody/drain")]
    public async Task Request_for_an_unregistered_node_is_answered_with_status_404(string method, string path)
    {
        using var http = Gateway.Http(Gateway.Token("ada", "*", "moderate"));
        var response = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/api/voice/{path}"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), Is.EqualTo("unknownNode"));
    }

    [Test]
    public async Task Drain_and_undrain_of_a_node_change_the_health_summary()
    {
        using var http = Gateway.Http(Gateway.Token("ada", "*", "moderate"));
        Assert.That((await http.PostAsync("/api/voice/nodes/node-1/drain", null)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await Node.NextCall(), Is.EqualTo("Drain True"));
        Assert.That(await DrainingInHealthAsync(http), Is.True);

        Assert.That((await http.DeleteAsync("/api/voice/nodes/node-1/drain")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await Node.NextCall(), Is.EqualTo("Drain False"));
        Assert.That(await DrainingInHealthAsync(http), Is.False);
    }

    [TestCase(null, HttpStatusCode.Unauthorized)]
    [TestCase("lobby", HttpStatusCode.Forbidden)]
    [TestCase("l*", HttpStatusCode.Forbidden)]
    public async Task Drain_requires_the_moderate_grant_for_all_channels(string? channels, HttpStatusCode status)
    {
        using var http = Gateway.Http(channels is null ? null : Gateway.Token("ada", channels, "moderate"));
        Assert.That((await http.PostAsync("/api/voice/nodes/node-1/drain", null)).StatusCode, Is.EqualTo(status));
        Assert.That((await http.DeleteAsync("/api/voice/nodes/node-1/drain")).StatusCode, Is.EqualTo(status));
        Assert.That(Node.Status!.Load.Draining, Is.False);
    }

    [Test]
    public async Task Node_list_requires_an_administrator_outside_development()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        using var moderator = gateway.Http(gateway.Token("ada", "lobby", "moderate"));
        Assert.That((await moderator.GetAsync("/api/voice/nodes")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        using var administrator = gateway.Http(gateway.Token("ada", "*", "moderate"));
        Assert.That((await administrator.GetAsync("/api/voice/nodes")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<bool> DrainingInHealthAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonElement>("/api/voice/health"))
            .GetProperty("regions")[0]
            .GetProperty("nodes")[0]
            .GetProperty("draining")
            .GetBoolean();

    private static NodeStatus StatusOf(string id) => new()
    {
        Registration = new NodeRegistration
        {
            Node = new MediaNodeId(id),
            Region = new("local"),
            Incarnation = Guid.NewGuid(),
            ControlUrl = "http://127.0.0.1:9000",
            Version = "0.1.0",
            Workers = 2,
            ControlToken = "a-token-that-nobody-else-may-see-here",
        },
        Load = new NodeLoad { Load = 0.5, Endpoints = 3 },
        LastHeartbeat = DateTimeOffset.UnixEpoch,
    };
}
