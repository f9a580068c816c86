using System.Threading.Channels;
using Hype.MediaClient;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tests.Testing;
using Hype.MediaNode.Tests.Workers;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Hype.NodeRegistry.V1;
using DrainRequest = Hype.MediaNode.Orders.V1.DrainRequest;

namespace Hype.MediaNode.Tests.Registration;

public sealed class NodeRegistrationTests
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private RecordingTime _time = null!;
    private FakeGateway _first = null!;
    private FakeGateway _second = null!;
    private TestNode _node = null!;

    [SetUp]
    public async Task Start()
    {
        _time = new RecordingTime();
        _first = await FakeGateway.StartAsync();
        _second = await FakeGateway.StartAsync();
        _node = await TestNode.StartAsync(_time, [_first.Url, _second.Url]);
    }

    [TearDown]
    public async Task Stop()
    {
        await _node.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Test]
    public async Task Registration_contains_the_nodes_address_region_workers_and_token()
    {
        var connection = await NextAsync(_first.Connections);

        var register = (await NextAsync(connection.Messages)).Register;

        Assert.Multiple(() =>
        {
            Assert.That(register.NodeId, Is.EqualTo("node-1"));
            Assert.That(register.Region, Is.EqualTo("here"));
            Assert.That(register.ControlUrl, Is.EqualTo(_node.Url));
            Assert.That(register.Workers, Is.EqualTo(2));
            Assert.That(register.JoinSecret, Is.EqualTo("open sesame"));
            Assert.That(register.ControlToken, Is.EqualTo(_node.Identity.ControlToken).And.Length.GreaterThanOrEqualTo(32));
            Assert.That(_node.Identity.ToString(), Does.Not.Contain(register.ControlToken));
            Assert.That(register.Rooms, Is.Empty);
            Assert.That(Guid.TryParse(register.Incarnation, out _), Is.True);
            Assert.That(Version.TryParse(register.Version, out _), Is.True);
        });
    }

    [Test]
    public async Task Heartbeats_are_sent_at_the_interval_set_by_the_gateway_and_contain_the_load_once_a_second()
    {
        var connection = await RegisteredAsync(_first);
        // From here on one heartbeat belongs to one step.
        await _time.RepeatingAsync(Heartbeat).WaitAsync(Timeout);

        var loads = new List<bool>();
        for (var i = 0; i < 16; i++)
        {
            _time.Advance(Heartbeat);
            var message = await NextAsync(connection.Messages);
            Assert.That(message.BodyCase, Is.EqualTo(NodeMessage.BodyOneofCase.Heartbeat));
            loads.Add(message.Heartbeat.Load is not null);
            if (message.Heartbeat.Load is { } load)
                Assert.That(load.Load_, Is.InRange(0, 1));
        }

        var first = loads.IndexOf(true);
        Assert.That(first, Is.InRange(0, 3));
        Assert.That(loads.Skip(first), Is.EqualTo(Enumerable.Range(0, loads.Count - first).Select(i => i % 4 == 0)));
    }

    [Test]
    public async Task Closed_endpoint_is_reported_to_the_gateway()
    {
        var connection = await RegisteredAsync(_first);

        Assert.That(await AddEndpointWithoutClientAsync("lobby"), Is.EqualTo(CommandResult.Done));
        _time.Advance(TimeSpan.FromMicroseconds(IndexLimit.ConnectTimeout) + TimeSpan.FromSeconds(1));
        var reported = (await NextEventsAsync(connection)).Events.Events[0];

        Assert.That(reported.Channel, Is.EqualTo("lobby"));
        Assert.That(reported.Closed.Number, Is.EqualTo(1));
        Assert.That(reported.Closed.Reason, Is.EqualTo(NodeRegistry.V1.CloseReason.NeverConnected));
    }

    [Test]
    public async Task Broken_registration_stream_is_opened_again_at_the_next_gateway()
    {
        var connection = await RegisteredAsync(_first);

        connection.Break();
        var other = await RunAsync(NextAsync(_second.Connections));
        Assert.That((await NextAsync(other.Messages)).Register.NodeId, Is.EqualTo("node-1"));
        await other.AcceptAsync();

        Assert.That((await RunAsync(NextAsync(other.Messages))).BodyCase, Is.EqualTo(NodeMessage.BodyOneofCase.Heartbeat));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Node_registers_again_at_the_gateways_request_or_when_the_stream_ends(bool requested)
    {
        var connection = await RegisteredAsync(_first);

        if (requested)
            await connection.AnswerAsync(new RegistryMessage { RegisterAgain = new RegisterAgain() });
        else
            connection.End();

        var other = await RunAsync(NextAsync(_second.Connections));
        Assert.That((await NextAsync(other.Messages)).BodyCase, Is.EqualTo(NodeMessage.BodyOneofCase.Register));
    }

    [Test]
    public async Task Next_gateway_is_tried_without_a_pause_when_a_stream_with_acknowledged_messages_breaks()
    {
        await RefuseAsync(_first);
        await RefuseNextAsync(_second);
        var accepted = await RunAsync(NextAsync(_first.Connections));
        accepted.Acknowledges = false;
        await accepted.AcceptAsync();
        _node.Events.TryWrite(Ticket(1, version: 1));
        var (_, count) = await NextEventsAsync(accepted);
        // The node sends undelivered events again, which shows that it has processed the acknowledgement.
        await accepted.AcknowledgeAsync(count, "lobby");
        await NextEventsAsync(accepted);

        accepted.Break();
        await RunAsync(NextAsync(_second.Connections));

        Assert.That(_time.DelaysInMilliseconds, Is.EqualTo(new[] { 100, 200 }));
    }

    [Test]
    public async Task Node_retries_after_growing_pauses_if_gateways_refuse_the_registration()
    {
        await RefuseAsync(_first);
        for (var refusals = 1; refusals < 9; refusals++)
            await RefuseNextAsync(refusals % 2 == 0 ? _first : _second);
        await RunAsync(NextAsync(_second.Connections));

        Assert.That(_time.DelaysInMilliseconds, Is.EqualTo(new[] { 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000 }));
    }

    [Test]
    public async Task Next_gateway_is_tried_after_a_pause_when_a_stream_without_acknowledged_messages_breaks()
    {
        var connection = await RegisteredAsync(_first);
        connection.Break();
        await RunAsync(NextAsync(_second.Connections));
        Assert.That(_time.DelaysInMilliseconds, Is.EqualTo(new[] { 100 }));
    }

    [Test]
    public async Task Node_connects_to_the_next_gateway_if_the_current_gateway_sends_no_acknowledgements()
    {
        await using var silent = await FakeGateway.StartAsync();
        await using var other = await FakeGateway.StartAsync();
        await using var node = await TestNode.StartAsync(_time, [silent.Url, other.Url], ackTimeout: TimeSpan.FromSeconds(2));
        var connection = await RegisteredAsync(silent);
        connection.Acknowledges = false;
        Assert.That(await RunAsync(NextAsync(other.Connections)), Is.Not.Null);
    }

    [Test]
    public async Task Registration_lists_the_rooms_of_the_node()
    {
        var connection = await RegisteredAsync(_first);
        using var dtls = SelfSigned.Node.NewContext();
        await _node.Rooms.OpenAsync(new(new RoomKey("lobby", new RoomEpoch(3)), ChannelIncarnation.None), 3, dtls);

        connection.Break();
        var other = await RunAsync(NextAsync(_second.Connections));

        var listed = (await NextAsync(other.Messages)).Register.Rooms.Single();
        Assert.That((listed.Channel, listed.Epoch), Is.EqualTo(("lobby", 3u)));
    }

    [Test]
    public async Task Ticket_counts_as_acknowledged_only_after_the_gateways_acknowledgement()
    {
        var connection = await RegisteredAsync(_first);
        connection.Acknowledges = false;
        var ticket = Ticket(1, version: 7);
        Assert.That(_node.Events.TryWrite(ticket));

        var (message, count) = await NextEventsAsync(connection);
        Assert.That(message.Events[0].Ticket.Version, Is.EqualTo(7));
        Assert.That(ticket.Ticket!.Receipt.Acknowledged, Is.Zero);

        await connection.AcknowledgeAsync(count);
        await RegisterAgainAsync(connection, _second);
        Assert.That(ticket.Ticket.Receipt.Acknowledged, Is.EqualTo(7));
    }

    [Test]
    public async Task Only_unacknowledged_tickets_are_sent_again_on_the_next_stream()
    {
        var connection = await RegisteredAsync(_first);
        connection.Acknowledges = false;
        var acknowledged = Ticket(1, version: 1);
        _node.Events.TryWrite(acknowledged);
        var (_, count) = await NextEventsAsync(connection);
        await connection.AcknowledgeAsync(count);
        _node.Events.TryWrite(Ticket(2, version: 1));
        await NextEventsAsync(connection);

        var other = await RegisterAgainAsync(connection, _second);
        Assert.That(acknowledged.Ticket!.Receipt.Acknowledged, Is.EqualTo(1));
        Assert.That((await NextAsync(other.Messages)).BodyCase, Is.EqualTo(NodeMessage.BodyOneofCase.Register));
        await other.AcceptAsync();

        var (again, _) = await NextEventsAsync(other);
        Assert.That(again.Events.Select(happened => happened.Ticket.Number), Is.EqualTo(new[] { 2u }));
    }

    [Test]
    public async Task Contact_with_the_control_plane_is_stale_after_5_seconds_without_an_acknowledgement()
    {
        Assert.That(_node.Contact.IsFresh(_node.Contact.Now), Is.False, "no acknowledgement yet");
        var connection = await RegisteredAsync(_first);
        connection.Acknowledges = false;
        // The heartbeats start after the registration was acknowledged.
        await _time.RepeatingAsync(Heartbeat).WaitAsync(Timeout);
        Assert.That(_node.Contact.IsFresh(_node.Contact.Now));

        _time.Advance(TimeSpan.FromMicroseconds(ControlContact.Fresh + 1_000));
        Assert.That(_node.Contact.IsFresh(_node.Contact.Now), Is.False);
    }

    [Test]
    public async Task Start_of_a_drain_is_reported_to_the_gateway_at_once()
    {
        var connection = await RegisteredAsync(_first);
        await AddEndpointWithoutClientAsync("lobby");

        _node.Lifetime.Terminate();
        var heartbeat = (await NextAsync(connection.Messages)).Heartbeat;

        Assert.That(heartbeat.Load.Draining, "without waiting for the next heartbeat");
        Assert.That(_node.Stopping.IsCancellationRequested, Is.False, "it continues to serve");
    }

    [Test]
    public async Task Drain_request_is_reported_to_the_gateway_at_once_and_on_each_new_stream_until_revoked()
    {
        var connection = await RegisteredAsync(_first);
        Assert.That((await _node.Client.DrainAsync(new DrainRequest { Draining = true })).Draining);
        Assert.That((await NextAsync(connection.Messages)).Heartbeat.Load.Draining, "without waiting for the next heartbeat");

        connection.Break();
        var other = await RunAsync(NextAsync(_second.Connections));
        await NextAsync(other.Messages);
        await other.AcceptAsync();
        Assert.That(
            (await NextAsync(other.Messages)).Heartbeat.Load.Draining, "a control plane that forgot the request receives it again");

        Assert.That((await _node.Client.DrainAsync(new DrainRequest { Draining = false })).Draining, Is.False);
        NodeMessage message;
        do
        {
            message = await RunAsync(NextAsync(other.Messages));
            _time.Advance(Heartbeat);
        }
        while (message.Heartbeat.Load is null);
        Assert.That(message.Heartbeat.Load.Draining, Is.False);
    }

    [Test]
    public async Task Events_not_delivered_to_the_channel_grain_are_sent_again_with_the_next_heartbeat()
    {
        var connection = await RegisteredAsync(_first);
        connection.Acknowledges = false;
        var ticket = Ticket(1, version: 7);
        _node.Events.TryWrite(ticket);
        var (_, count) = await NextEventsAsync(connection);

        await connection.AcknowledgeAsync(count, "lobby");
        await NextEventsAsync(connection);
        Assert.That(ticket.Ticket!.Receipt.Acknowledged, Is.Zero);

        await connection.AcknowledgeAsync(connection.Received);
        await RegisterAgainAsync(connection, _second);
        Assert.That(ticket.Ticket.Receipt.Acknowledged, Is.EqualTo(7));
    }

    [Test]
    public async Task Node_connects_to_the_next_gateway_after_an_invalid_answer()
    {
        var connection = await NextAsync(_first.Connections);
        await connection.AnswerAsync(new RegistryMessage { RegisterAgain = new RegisterAgain() });

        var other = await RunAsync(NextAsync(_second.Connections));
        await other.AnswerAsync(new RegistryMessage());

        Assert.That(await RunAsync(NextAsync(_first.Connections)), Is.Not.Null);
    }

    // The endpoint has no client and ends after 30 s, which is an event.
    private async Task<CommandResult> AddEndpointWithoutClientAsync(string channel)
    {
        var worker = _node.Pool.Workers[0];
        var key = new RoomKey(channel, new RoomEpoch(1));
        using var dtls = SelfSigned.Node.NewContext();
        await worker.Mailbox.PostAsync(() => worker.OpenRoom(key, 3, dtls));
        return await worker.Mailbox.PostAsync(() => worker.AddEndpoint(key, WorkerBench.Spec(1, slots: 3)));
    }

    /// <summary>Returns the next message with events, and its position in the stream.</summary>
    private async Task<(RoomEvents Events, ulong Count)> NextEventsAsync(FakeGateway.Connection connection)
    {
        while (true)
        {
            var message = await RunAsync(NextAsync(connection.Messages));
            if (message.BodyCase == NodeMessage.BodyOneofCase.Events)
                return (message.Events, connection.Received);
            _time.Advance(Heartbeat);
        }
    }

    private static MediaNode.Rooms.RoomEvent Ticket(uint number, ulong version) =>
        new(new RoomKey("lobby", new RoomEpoch(1)), RoomEventKind.Ticket, new MemberNumber(number))
        {
            Ticket = new IssuedTicket("ufrag", [new Ssrc(1), new Ssrc(2)], "AF", version, [1], new TicketReceipt()),
        };

    // A node processes its gateway's answers in order. Its next stream therefore shows that it has processed all earlier answers.
    private async Task<FakeGateway.Connection> RegisterAgainAsync(FakeGateway.Connection connection, FakeGateway next)
    {
        await connection.AnswerAsync(new RegistryMessage { RegisterAgain = new RegisterAgain() });
        return await RunAsync(NextAsync(next.Connections));
    }

    private async Task<FakeGateway.Connection> RegisteredAsync(FakeGateway gateway)
    {
        var connection = await NextAsync(gateway.Connections);
        Assert.That((await NextAsync(connection.Messages)).BodyCase, Is.EqualTo(NodeMessage.BodyOneofCase.Register));
        await connection.AcceptAsync();
        return connection;
    }

    private static async Task RefuseAsync(FakeGateway gateway) => await RefuseAsync(await NextAsync(gateway.Connections));

    private async Task RefuseNextAsync(FakeGateway gateway) => await RefuseAsync(await RunAsync(NextAsync(gateway.Connections)));

    private static async Task RefuseAsync(FakeGateway.Connection connection)
    {
        await NextAsync(connection.Messages);
        await connection.AnswerAsync(new RegistryMessage { Refused = new Refused { Reason = "not today" } });
        connection.End();
    }

    private static Task<T> NextAsync<T>(ChannelReader<T> reader) => reader.ReadAsync().AsTask().WaitAsync(Timeout);

    private Task<T> RunAsync<T>(Task<T> task) => _time.RunAsync(task);
}
