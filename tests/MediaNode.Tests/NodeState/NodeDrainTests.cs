using Google.Protobuf;
using Hype.MediaClient;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Tests.Testing;

namespace Hype.MediaNode.Tests.NodeState;

/// <summary>Tests the drain of a node by SIGTERM and by an administrator's request.</summary>
public sealed class NodeDrainTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private RecordingTime _time = null!;
    private TestNode _node = null!;

    [SetUp]
    public Task Start() => StartAsync("00:01:00");

    [TearDown]
    public async Task Stop() => await _node.DisposeAsync();

    [Test]
    public async Task Draining_node_continues_to_serve_until_the_last_endpoint_is_removed()
    {
        await AddEndpointAsync();
        _node.Lifetime.Terminate();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(_node.Stopping.IsCancellationRequested, Is.False);

        await _node.Client.SucceedAsync(new NodeOrder { Room = Room("lobby"), RemoveEndpoint = new() { Number = 1 } });
        await StoppingAsync();
    }

    [Test]
    public async Task Draining_node_stops_after_the_drain_timeout_even_with_endpoints()
    {
        await AddEndpointAsync();
        _node.Lifetime.Terminate();
        _time.Advance(TimeSpan.FromSeconds(60));
        await StoppingAsync();
        Assert.That(_node.Pool.Endpoints, Is.EqualTo(1));
    }

    [Test]
    public async Task Second_SIGTERM_stops_a_draining_node_at_once()
    {
        await AddEndpointAsync();
        _node.Lifetime.Terminate();
        Assert.That(_node.Stopping.IsCancellationRequested, Is.False);
        _node.Lifetime.Terminate();
        await _node.Stopped.WaitAsync(Timeout);
    }

    [Test]
    public async Task Node_without_endpoints_stops_at_once_on_SIGTERM()
    {
        _node.Lifetime.Terminate();
        await _node.Stopped.WaitAsync(Timeout);
    }

    [Test]
    public async Task Node_with_a_drain_timeout_of_zero_stops_at_once_on_SIGTERM_despite_endpoints()
    {
        await _node.DisposeAsync();
        await StartAsync("00:00:00");
        await AddEndpointAsync();
        _node.Lifetime.Terminate();
        await _node.Stopped.WaitAsync(Timeout);
    }

    [Test]
    public async Task Draining_node_refuses_new_rooms_and_serves_its_existing_ones()
    {
        await AddEndpointAsync();
        _node.Lifetime.Terminate();
        Assert.That((await _node.Client.ExecuteAsync(Open("new"))).Code, Is.EqualTo(OutcomeCode.NoCapacity));
        Assert.That((await _node.Client.SucceedAsync(Open("lobby"))).OpenedRoom.Candidates, Is.Not.Empty, "an existing room is returned");
        await _node.Client.SucceedAsync(new NodeOrder { Room = Room("lobby"), UpdateEndpoint = new() { Number = 1 } });
    }

    [Test]
    public async Task Drain_request_makes_a_node_refuse_new_rooms_until_revoked_and_does_not_stop_the_node()
    {
        await _node.Client.DrainAsync(new DrainRequest { Draining = true });
        Assert.That((await _node.Client.ExecuteAsync(Open("new"))).Code, Is.EqualTo(OutcomeCode.NoCapacity));
        Assert.That(_node.Stopping.IsCancellationRequested, Is.False);

        await _node.Client.DrainAsync(new DrainRequest { Draining = false });
        Assert.That((await _node.Client.SucceedAsync(Open("new"))).OpenedRoom.Candidates, Is.Not.Empty);
    }

    [Test]
    public async Task Stopping_node_drains_even_if_the_drain_request_is_revoked()
    {
        await AddEndpointAsync();
        _node.Lifetime.Terminate();
        Assert.That((await _node.Client.DrainAsync(new DrainRequest { Draining = false })).Draining);
    }

    private async Task StartAsync(string drainTimeout)
    {
        _time = new RecordingTime();
        _node = await TestNode.StartAsync(_time, settings: ("DrainTimeout", drainTimeout));
    }

    private async Task AddEndpointAsync()
    {
        await _node.Client.SucceedAsync(Open("lobby"));
        await _node.Client.SucceedAsync(new NodeOrder
        {
            Room = Room("lobby"),
            AddEndpoint = new() { Number = 1, IceUfrag = "ufrag", IcePwd = new string('p', 22), SlotSsrcs = { 1, 2, 3 } },
        });
    }

    private Task StoppingAsync() => _time.RunAsync(_node.Stopped).WaitAsync(Timeout);

    private static RoomKey Room(string channel) => new() { Channel = channel, Epoch = 1 };

    private static NodeOrder Open(string channel) => new()
    {
        Room = Room(channel),
        OpenRoom = new()
        {
            Slots = 3,
            Identity = new()
            {
                Certificate = ByteString.CopyFrom(SelfSigned.Node.Certificate),
                PrivateKey = ByteString.CopyFrom(SelfSigned.Node.PrivateKey),
            },
        },
    };
}
