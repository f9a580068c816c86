using System.Text.Json;
using Hype.Cli.Commands;
using Hype.Cli.Display;
using Hype.Cli.Tests.Testing;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Cli.Tests.Commands;

/// <summary>Tests the commands of <c>hype</c> against a gateway with real HTTP endpoints and a simulated cluster.</summary>
public sealed class CommandTests
{
    private GatewayHost _gateway = null!;
    private Typist _typist = null!;

    [SetUp]
    public async Task SetUp()
    {
        // Production, because every call needs a token outside Development.
        _gateway = await GatewayHost.StartAsync("Production");
        _gateway.Cluster.MediaNode("node-1").Status = StatusOf("node-1");
        _typist = Typist.At(_gateway);
    }

    [TearDown]
    public async Task TearDown() => await _gateway.DisposeAsync();

    [Test]
    public async Task Status_shows_the_gateway_and_the_load_of_each_region()
    {
        using var ada = await _gateway.JoinAsync("ada");
        var said = await _typist.TypeAsync("status");
        Assert.That(said.Code, Is.EqualTo(ExitCode.Done), said.Errors);
        Assert.That(said.Output, Does.Match(@"Gateway\s+\S+ in local, 1 socket\b").And.Match(@"local\s+1\s+0\s+█████░░░░░  50 %\s+3\s+0"));
    }

    [Test]
    public async Task Regions_are_listed_with_their_gateways()
    {
        var said = await _typist.TypeAsync("regions");
        Assert.That(said.Output, Does.Match(@"local\s+this one"));
    }

    [Test]
    public async Task Nodes_are_listed_with_their_load()
    {
        var said = await _typist.TypeAsync("nodes");
        Assert.That(said.Output, Does.Match(@"node-1\s+local\s+█████░░░░░  50 %\s+25 %\s+3\s+0\s+1,234\s+2.0 s ago"));
    }

    [Test]
    public async Task Drain_command_drains_a_node_and_with_the_undrain_option_ends_the_drain()
    {
        Assert.That((await _typist.TypeAsync("drain", "node-1")).Output, Does.StartWith("node-1 is draining"));
        Assert.That(await _gateway.Cluster.MediaNode("node-1").NextCall(), Is.EqualTo("Drain True"));
        Assert.That((await _typist.TypeAsync("node", "node-1")).Output, Does.Match(@"Node\s+node-1  draining"));

        Assert.That((await _typist.TypeAsync("drain", "node-1", "--undrain")).Output, Does.StartWith("node-1 accepts rooms again"));
        Assert.That(await _gateway.Cluster.MediaNode("node-1").NextCall(), Is.EqualTo("Drain False"));
    }

    [Test]
    public async Task Channel_command_prints_the_participants_of_the_channel()
    {
        using var ada = await _gateway.JoinAsync("ada");
        using var bob = await _gateway.JoinAsync("bob");
        var said = await _typist.TypeAsync("channel", "lobby");
        Assert.That(said.Code, Is.EqualTo(ExitCode.Done), said.Errors);
        Assert.That(said.Output, Does.Match(@"Mode\s+P2P for .*: initial mode, epoch 1").And.Match(@"1\s+Name of ada\s+ada").And.Match(
            @"2\s+Name of bob\s+bob"));
    }

    [Test]
    public async Task Bans_and_restrictions_commands_print_the_identities_of_the_channel()
    {
        var bans = await _typist.TypeAsync("bans", "lobby");
        Assert.That(bans.Code, Is.EqualTo(ExitCode.Done), bans.Errors);
        Assert.That(bans.Output, Does.Match(@"mallory\s+noise"));
        var restrictions = await _typist.TypeAsync("restrictions", "lobby");
        Assert.That(restrictions.Output, Does.Match(@"mallory\s+yes\s+speak"), restrictions.Errors);
    }

    [Test]
    public async Task Empty_list_is_printed_as_a_sentence()
    {
        var said = await _typist.TypeAsync("channels");
        Assert.That((said.Code, said.Output.Trim()), Is.EqualTo((ExitCode.Done, "No channel is open.")));
    }

    [TestCase("nodes", "/api/voice/nodes")]
    [TestCase("node node-1", "/api/voice/nodes/node-1")]
    [TestCase("channel lobby", "/api/voice/channels/lobby")]
    [TestCase("channels", "/api/voice/channels")]
    [TestCase("bans lobby", "/api/voice/channels/lobby/bans")]
    [TestCase("restrictions lobby", "/api/voice/channels/lobby/restrictions")]
    [TestCase("regions", "/api/voice/regions")]
    [TestCase("status", "/api/voice/health")]
    public async Task Json_option_prints_the_answer_of_the_gateway_unchanged(string command, string path)
    {
        using var ada = await _gateway.JoinAsync("ada");
        using var http = _gateway.Http(_gateway.Token("ada", "*", "moderate"));
        var said = await _typist.TypeAsync([.. command.Split(' '), "--json"]);
        Assert.That(said.Output.TrimEnd(), Is.EqualTo(await http.GetStringAsync(path)));
    }

    [TestCase("kick lobby 7", "Kick 7")]
    [TestCase("mute lobby 7", "SetServerMute 7 True")]
    [TestCase("unmute lobby 7", "SetServerMute 7 False")]
    [TestCase("ban lobby mallory --reason noise", "SetBan mallory noise")]
    [TestCase("unban lobby mallory", "LiftBan mallory")]
    [TestCase("lift lobby mallory", "LiftRestriction mallory")]
    public async Task Moderation_command_causes_a_call_of_the_channel_grain(string command, string call)
    {
        var said = await _typist.TypeAsync(command.Split(' '));
        Assert.That((said.Code, said.Errors), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(said.Output, Is.Not.Empty);
        await _gateway.Cluster.Channel("lobby").Called(call);
    }

    [TestCase("github/42")]
    [TestCase("a%2Fb+c")]
    [TestCase("O'Brien 🎧")]
    public async Task Ban_and_revoke_commands_reach_an_identity_with_any_visible_characters(string identity)
    {
        Assert.That((await _typist.TypeAsync("ban", "Büro 3/Ost", identity)).Code, Is.EqualTo(ExitCode.Done));
        await _gateway.Cluster.Channel("Büro 3/Ost").Called($"SetBan {identity} ");
        Assert.That((await _typist.TypeAsync("unban", "Büro 3/Ost", identity)).Code, Is.EqualTo(ExitCode.Done));
        await _gateway.Cluster.Channel("Büro 3/Ost").Called($"LiftBan {identity}");
        Assert.That((await _typist.TypeAsync("revoke", identity)).Code, Is.EqualTo(ExitCode.Done));
        Assert.That(_gateway.Cluster.Identity(identity).RevocationLifetime, Is.Not.Null);
    }

    // A URL cannot contain the name: `unban lobby ..` would close the channel.
    [TestCase(".")]
    [TestCase("..")]
    public async Task Name_that_no_URL_can_contain_is_wrong_usage_and_sends_nothing(string name)
    {
        Assert.That((await _typist.TypeAsync("unban", "lobby", name)).Code, Is.EqualTo(ExitCode.WrongUsage));
        Assert.That((await _typist.TypeAsync("close", name)).Code, Is.EqualTo(ExitCode.WrongUsage));
        Assert.That(_gateway.Cluster.Channel("lobby").Calls, Is.Empty);
    }

    [Test]
    public async Task Moderation_command_with_the_json_option_prints_the_answer_of_the_gateway()
    {
        var said = await _typist.TypeAsync("kick", "lobby", "7", "--json");
        Assert.That(
            (said.Code, said.Output.TrimEnd(), said.Errors), Is.EqualTo((ExitCode.Done, """{"storage":"stored"}""", "")));
        Assert.That(await _typist.TypeAsync("close", "lobby", "--json"), Is.EqualTo(new Said(ExitCode.Done, "", "")), "no answer");
    }

    [Test]
    public async Task Moderation_command_reports_an_order_that_is_not_stored_and_the_number_of_ended_sessions()
    {
        Assert.That((await _typist.TypeAsync("mute", "lobby", "7")).Output.TrimEnd(), Is.EqualTo("7 is muted in lobby."));
        Assert.That((await _typist.TypeAsync("revoke", "mallory")).Output, Does.Contain("Sessions ended: 2."));
        _gateway.Cluster.Channel("lobby").Moderation = ModerationResult.NotStored;
        var said = await _typist.TypeAsync("mute", "lobby", "7");
        Assert.That(
            (said.Code, said.Output.TrimEnd()),
            Is.EqualTo((ExitCode.Done, $"7 is muted in lobby.{Environment.NewLine}{Words.NotStored}")));
    }

    [Test]
    public async Task Token_command_signs_a_token_that_the_gateway_accepts()
    {
        var said = await _typist.TypeAsync(
            "token", "--identity", "ada", "--channel", "lob*", "--grants", "join,moderate", "--ttl", "30m", "--json");
        var minted = JsonDocument.Parse(said.Output).RootElement;
        Assert.That(minted.GetProperty("expires").GetDateTimeOffset(), Is.EqualTo(_gateway.Time.GetUtcNow().AddMinutes(30)));

        using var ada = _gateway.Http(minted.GetProperty("token").GetString());
        Assert.That((await ada.GetAsync("/api/voice/channels/lobby/bans")).IsSuccessStatusCode, Is.True);
        Assert.That((await ada.GetAsync("/api/voice/channels/other/bans")).IsSuccessStatusCode, Is.False);
    }

    [Test]
    public async Task Command_with_a_token_instead_of_an_API_key_succeeds()
    {
        var token = (await _typist.TypeAsync("token", "--identity", "ada", "--channel", "*", "--grants", "moderate")).Output.Trim();
        var said = await Typist.Nowhere().With("HYPE_TOKEN", token).TypeAsync("nodes", "--url", _gateway.Url.ToString());
        Assert.That(said.Code, Is.EqualTo(ExitCode.Done), said.Errors);
    }

    private NodeStatus StatusOf(string id) => new()
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
        Load = new NodeLoad { Load = 0.5, Cpu = 0.25, Endpoints = 3, PacketsForwarded = 1234 },
        LastHeartbeat = _gateway.Time.GetUtcNow().AddSeconds(-2),
    };
}
