using Grpc.Core;
using Hype.Gateway.Cluster;
using Hype.Gateway.Configuration;
using Hype.Gateway.NodeRegistry;
using Hype.Gateway.Signaling;
using Hype.Gateway.Signaling.Replica;
using Hype.Gateway.Tests.Testing;
using Hype.NodeRegistry.V1;
using Microsoft.Extensions.Options;
using Body = Hype.NodeRegistry.V1.RegistryMessage.BodyOneofCase;

namespace Hype.Gateway.Tests.NodeRegistry;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NodeStreamTests
{
    private const string Secret = "a-join-secret";

    private readonly FakeCluster _cluster = new();
    private readonly Answers _answers = new();
    private NodeStream _stream = null!;

    private FakeMediaNode Node => _cluster.MediaNode("node-1");

    [SetUp]
    public void SetUp()
    {
        var grains = new GrainAccess(
            _cluster,
            new GatewayObserver(new SessionRegistry()),
            Options.Create(new GatewayOptions()),
            Options.Create(new SignalingOptions()),
            TimeProvider.System);
        var networks = new NodeNetworks(new NodeRegistryOptions { ControlNetworks = ["127.0.0.0/8"] });
        _stream = new NodeStream(grains, (_, secret) => secret == Secret, networks, TimeSpan.FromMilliseconds(250), _answers);
    }

    [Test]
    public async Task Acknowledgement_counts_every_received_message()
    {
        Assert.That(await ReceiveAsync(new NodeMessage { Register = Register() }), Is.Null);
        Assert.That(await ReceiveAsync(new NodeMessage { Heartbeat = new Heartbeat() }), Is.Null);
        Assert.That(await ReceiveAsync(new NodeMessage { Events = new RoomEvents() }), Is.Null);

        Assert.That(_answers.Sent.Select(answer => answer.BodyCase), Is.EqualTo(new[] { Body.Registered, Body.Ack, Body.Ack }));
        Assert.That(_answers.Sent.Skip(1).Select(answer => answer.Ack.Received), Is.EqualTo(new[] { 2UL, 3UL }));
        Assert.That(_stream.Node?.Node.Value, Is.EqualTo("node-1"));
    }

    [Test]
    public async Task Acknowledgement_lists_the_channels_with_undelivered_events()
    {
        await ReceiveAsync(new NodeMessage { Register = Register() });
        Node.Undelivered = [ChannelId.Parse("lobby")];
        await ReceiveAsync(new NodeMessage { Events = new RoomEvents() });
        Assert.That(_answers.Sent[^1].Ack.UndeliveredChannels, Is.EqualTo(new[] { "lobby" }));
    }

    [Test]
    public async Task Message_before_the_registration_ends_the_stream()
    {
        Assert.That(
            (await ReceiveAsync(new NodeMessage { Heartbeat = new Heartbeat() }))!.Refused.Reason,
            Is.EqualTo("the first message must be register"));
        Assert.That((await ReceiveAsync(new NodeMessage()))!.BodyCase, Is.EqualTo(Body.Refused));
        Assert.That(_stream.Node, Is.Null);
    }

    [Test]
    public async Task Registration_with_a_wrong_join_secret_ends_the_stream()
    {
        var register = Register();
        register.JoinSecret = "guess";
        Assert.That(
            (await ReceiveAsync(new NodeMessage { Register = register }))!.Refused.Reason, Does.StartWith("join_secret is neither"));
        Assert.That((_stream.Node, Node.Registration), Is.EqualTo(((object?)null, (object?)null)));
    }

    [Test]
    public async Task Registration_with_a_control_URL_outside_the_configured_networks_is_refused()
    {
        var register = Register();
        register.ControlUrl = "http://169.254.169.254/latest";
        Assert.That(
            (await ReceiveAsync(new NodeMessage { Register = register }))!.Refused.Reason,
            Does.StartWith("control_url must have an IP address"));
        Assert.That((_stream.Node, Node.Registration), Is.EqualTo(((object?)null, (object?)null)));
    }

    [Test]
    public async Task Registration_with_the_id_of_another_running_process_is_refused_with_the_cause()
    {
        Node.HasOtherProcess = true;
        Assert.That(
            (await ReceiveAsync(new NodeMessage { Register = Register() }))!.Refused.Reason,
            Does.StartWith("node_id belongs to another running process"));
        Assert.That(_answers.Sent, Is.Empty);
    }

    [Test]
    public async Task Node_with_an_unknown_incarnation_is_asked_to_register_again()
    {
        await ReceiveAsync(new NodeMessage { Register = Register() });
        Node.IsKnown = false;
        Assert.That((await ReceiveAsync(new NodeMessage { Heartbeat = new Heartbeat() }))!.BodyCase, Is.EqualTo(Body.RegisterAgain));
        Assert.That((await ReceiveAsync(new NodeMessage { Events = new RoomEvents() }))!.BodyCase, Is.EqualTo(Body.RegisterAgain));
        Assert.That(_answers.Sent, Has.Count.EqualTo(1), "a message that no grain received is not acknowledged");
    }

    [TestCase("node-2", false)]
    [TestCase("node-1", true)]
    public async Task Second_registration_with_another_node_id_or_incarnation_is_refused(string node, bool otherIncarnation)
    {
        var register = Register();
        await ReceiveAsync(new NodeMessage { Register = register });
        var second = register.Clone();
        second.NodeId = node;
        if (otherIncarnation)
            second.Incarnation = Guid.NewGuid().ToString();
        Assert.That(
            (await ReceiveAsync(new NodeMessage { Register = second }))!.Refused.Reason, Does.StartWith("node_id and incarnation"));
        Assert.That(await ReceiveAsync(new NodeMessage { Register = register }), Is.Null, "the same one may repeat its registration");
    }

    private Task<RegistryMessage?> ReceiveAsync(NodeMessage message) => _stream.ReceiveAsync(message);

    private static Register Register() => new()
    {
        NodeId = "node-1",
        Region = "eu",
        Incarnation = Guid.NewGuid().ToString(),
        ControlUrl = "http://127.0.0.1:9000",
        Version = "0.1.0",
        Workers = 2,
        JoinSecret = Secret,
        ControlToken = new string('t', 32),
    };

    private sealed class Answers : IServerStreamWriter<RegistryMessage>
    {
        public List<RegistryMessage> Sent { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(RegistryMessage message)
        {
            Sent.Add(message);
            return Task.CompletedTask;
        }
    }
}
