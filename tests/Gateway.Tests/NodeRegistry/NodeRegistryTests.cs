using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Hype.Gateway.NodeRegistry;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.NodeRegistry.V1;
using HeldRoom = Hype.NodeRegistry.V1.HeldRoom;
using RoomEvent = Hype.NodeRegistry.V1.RoomEvent;

namespace Hype.Gateway.Tests.NodeRegistry;

/// <summary>Tests the node registry over real HTTP/2 without TLS, as a node in another process calls it.</summary>
public sealed class NodeRegistryTests : GatewayFixture
{
    private static readonly Guid Incarnation = Guid.NewGuid();
    private static readonly string ControlToken = new('t', 32);
    private static readonly string Fingerprint = string.Join(':', Enumerable.Repeat("AF", 32));

    private static readonly Method<NodeMessage, RegistryMessage> Connect = new(
        MethodType.DuplexStreaming,
        "hype.noderegistry.v1.NodeRegistry",
        "Connect",
        Marshallers.Create(message => message.ToByteArray(), NodeMessage.Parser.ParseFrom),
        Marshallers.Create(message => message.ToByteArray(), RegistryMessage.Parser.ParseFrom));

    private GrpcChannel _channel = null!;
    private AsyncDuplexStreamingCall<NodeMessage, RegistryMessage> _stream = null!;

    [SetUp]
    public void SetUp()
    {
        _channel = GrpcChannel.ForAddress(Gateway.GrpcUrl);
        _stream = _channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            Connect, null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(60)));
    }

    [TearDown]
    public void TearDown()
    {
        _stream.Dispose();
        _channel.Dispose();
    }

    private FakeMediaNode Node => Gateway.Cluster.MediaNode("node-1");

    [Test]
    public async Task Registration_heartbeats_and_events_of_a_node_are_passed_to_the_node_grain()
    {
        Assert.That((await SendAsync(new NodeMessage { Register = Register() }))!.Registered.HeartbeatIntervalMs, Is.EqualTo(250));
        Assert.That(await Node.NextCall(), Is.EqualTo("Register"));
        Assert.That(Node.Registration, Is.EqualTo(new NodeRegistration
        {
            Node = new MediaNodeId("node-1"),
            Region = new("eu"),
            Incarnation = Incarnation,
            ControlUrl = "http://127.0.0.1:9000",
            Version = "0.1.0",
            Workers = 2,
            ControlToken = ControlToken,
            AckedFor = TimeSpan.FromSeconds(2.5),
        }));

        await SendAsync(
            new NodeMessage
            {
                Heartbeat = new Heartbeat
                {
                    AckedForMs = 1_500,
                    Load = new Load { Load_ = 0.5, Cpu = 0.25, Endpoints = 3, PacketsForwarded = 7, Draining = true },
                },
            });
        Assert.That(await Node.NextCall(), Is.EqualTo("Heartbeat"));
        Assert.That(Node.AckedFor, Is.EqualTo(TimeSpan.FromSeconds(1.5)));
        Assert.That(Node.Load, Is.EqualTo(new NodeLoad { Load = 0.5, Cpu = 0.25, Endpoints = 3, PacketsForwarded = 7, Draining = true }));

        await SendAsync(new NodeMessage
        {
            Events = new RoomEvents
            {
                Events =
                {
                    new RoomEvent { Channel = "lobby", Epoch = 2, Connected = new() { Number = 1 } },
                    new RoomEvent
                    {
                        Channel = "lobby",
                        Epoch = 2,
                        Closed = new() { Number = 1, Reason = CloseReason.FingerprintMismatch },
                    },
                    new RoomEvent { Channel = "lobby", Epoch = 2, DominantSpeaker = new() },
                    new RoomEvent
                    {
                        Channel = "lobby",
                        Epoch = 2,
                        Quality = new() { Number = 1, LossPercent = 1, JitterMs = 2, RoundTripMs = 3 },
                    },
                    new RoomEvent { Channel = "lobby", Epoch = 2, LinkLost = new() { Link = "a-b" } },
                    new RoomEvent { Channel = "lobby", Epoch = 2, Flooding = new() { Number = 1 } },
                },
            },
        });
        Assert.That(await Node.NextCall(), Is.EqualTo("Report"));
        var lobby = ChannelId.Parse("lobby");
        Assert.That(Node.Events, Is.EqualTo(new Hype.Grains.Abstractions.MediaNodes.RoomEvent[]
        {
            new Hype.Grains.Abstractions.MediaNodes.EndpointConnected(new MemberNumber(1)) { Channel = lobby, Epoch = new(2) },
            new Hype.Grains.Abstractions.MediaNodes.EndpointClosed(
                new MemberNumber(1), EndpointCloseReason.FingerprintMismatch) { Channel = lobby, Epoch = new(2) },
            new DominantSpeakerChanged(null) { Channel = lobby, Epoch = new(2) },
            new EndpointQuality(new MemberNumber(1), 1, 2, 3) { Channel = lobby, Epoch = new(2) },
            new Hype.Grains.Abstractions.MediaNodes.LinkLost("a-b") { Channel = lobby, Epoch = new(2) },
            new Hype.Grains.Abstractions.MediaNodes.EndpointFlooding(new MemberNumber(1)) { Channel = lobby, Epoch = new(2) },
        }));
    }

    [Test]
    public async Task Rooms_listed_in_a_registration_are_passed_to_the_node_grain()
    {
        var register = Register();
        register.Rooms.Add(new HeldRoom { Channel = "lobby", Epoch = 7 });
        register.Rooms.Add(new HeldRoom { Channel = "attic", Epoch = 2 });
        await SendAsync(new NodeMessage { Register = register });
        Assert.That(
            Node.Rooms,
            Is.EqualTo(
                new Hype.Grains.Abstractions.MediaNodes.HeldRoom[]
                {
                    new(ChannelId.Parse("lobby"), new(7)),
                    new(ChannelId.Parse("attic"), new(2)),
                }));
    }

    [Test]
    public async Task Each_message_is_acknowledged_with_the_number_of_messages_received_so_far()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        Assert.That((await SendAsync(new NodeMessage { Heartbeat = new Heartbeat() }))!.Ack.Received, Is.EqualTo(2));
        Assert.That((await SendAsync(new NodeMessage { Events = TicketEvents(_ => { }) }))!.Ack.Received, Is.EqualTo(3));
        Assert.That((await SendAsync(new NodeMessage { Heartbeat = new Heartbeat() }))!.Ack.Received, Is.EqualTo(4));
    }

    [Test]
    public async Task Acknowledgement_lists_the_channels_with_undelivered_events()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        Node.Undelivered = [ChannelId.Parse("lobby")];
        var ack = (await SendAsync(new NodeMessage { Events = TicketEvents(_ => { }) }))!.Ack;
        Assert.That((ack.Received, ack.UndeliveredChannels.Single()), Is.EqualTo((2UL, "lobby")));
        Assert.That((await SendAsync(new NodeMessage { Heartbeat = new Heartbeat() }))!.Ack.UndeliveredChannels, Is.Empty);
    }

    [Test]
    public async Task Message_is_acknowledged_only_after_the_call_of_the_node_grain_has_returned()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        var taken = new TaskCompletionSource();
        Node.Gate = taken.Task;
        var answer = SendAsync(new NodeMessage { Events = TicketEvents(_ => { }) });
        Assert.That(await Node.NextCall(), Is.EqualTo("Register"));
        Assert.That(await Node.NextCall(), Is.EqualTo("Report"));
        Assert.That(answer.IsCompleted, Is.False);
        taken.SetResult();
        Assert.That((await answer)!.Ack.Received, Is.EqualTo(2));
    }

    [Test]
    public async Task Endpoint_ticket_is_passed_to_the_node_grain_unchanged()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        await SendAsync(new NodeMessage { Events = TicketEvents(_ => { }) });
        var (number, ticket) = (EndpointTicketed)Node.Events.Single();
        Assert.That(
            (number, ticket.IceUfrag, ticket.Fingerprint, ticket.Version), Is.EqualTo((new MemberNumber(3), "uf+/", Fingerprint, 9L)));
        Assert.That(ticket.SlotSsrcs, Is.EqualTo(new Ssrc[] { new(1), new(2) }));
        Assert.That(ticket.Sealed, Is.EqualTo(new byte[] { 4, 5, 6 }));
    }

    private static IEnumerable<TestCaseData> BadTickets()
    {
        yield return Case("no participant", ticket => ticket.Number = 0);
        yield return Case("a short ufrag", ticket => ticket.IceUfrag = "abc");
        yield return Case("a ufrag with a colon", ticket => ticket.IceUfrag = "ab:cd");
        yield return Case("a long ufrag", ticket => ticket.IceUfrag = new string('u', 257));
        yield return Case("no slots", ticket => ticket.SlotSsrcs.Clear());
        yield return Case("too many slots", ticket => ticket.SlotSsrcs.Add(Enumerable.Range(3, 31).Select(ssrc => (uint)ssrc)));
        yield return Case("a fingerprint in lower case", ticket => ticket.Fingerprint = Fingerprint.ToLowerInvariant());
        yield return Case("a fingerprint without colons", ticket => ticket.Fingerprint = Fingerprint.Replace(':', '0'));
        yield return Case("a short fingerprint", ticket => ticket.Fingerprint = Fingerprint[3..]);
        yield return Case("no version", ticket => ticket.Version = 0);
        yield return Case("a version beyond 63 bits", ticket => ticket.Version = ulong.MaxValue);
        yield return Case("nothing sealed", ticket => ticket.Sealed = ByteString.Empty);
        yield return Case("too much sealed", ticket => ticket.Sealed = ByteString.CopyFrom(new byte[2_049]));

        static TestCaseData Case(string name, Action<Ticket> damage) =>
            new TestCaseData(TicketEvents(damage).ToByteArray()).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(BadTickets))]
    public async Task Invalid_endpoint_ticket_is_refused(byte[] events)
    {
        await SendAsync(new NodeMessage { Register = Register() });
        Assert.That(
            (await SendAsync(new NodeMessage { Events = RoomEvents.Parser.ParseFrom(events) }))!.Refused.Reason,
            Does.StartWith("events[0]"));
    }

    [Test]
    public async Task Broken_node_stream_is_reported_to_the_node_grain_as_a_suspected_failure()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        _stream.Dispose();
        Assert.That(await Node.NextCall(), Is.EqualTo("Register"));
        Assert.That(await Node.NextCall(), Is.EqualTo("Suspect"));
    }

    [Test]
    public async Task Node_unknown_to_the_node_grain_is_asked_to_register_again_and_the_stream_ends()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        Node.IsKnown = false;
        Assert.That(
            (await SendAsync(new NodeMessage { Heartbeat = new Heartbeat() }))!.BodyCase,
            Is.EqualTo(RegistryMessage.BodyOneofCase.RegisterAgain));
        Assert.That(await _stream.ResponseStream.MoveNext(), Is.False, "on a new stream: the count of received messages has no holes");
    }

    [Test]
    public async Task Events_of_an_unknown_node_are_not_acknowledged()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        Node.IsKnown = false;
        Assert.That(
            (await SendAsync(new NodeMessage { Events = TicketEvents(_ => { }) }))!.BodyCase,
            Is.EqualTo(RegistryMessage.BodyOneofCase.RegisterAgain));
    }

    [Test]
    public async Task Response_headers_are_sent_before_the_first_message()
    {
        Assert.That(await _stream.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(60)), Is.Not.Null);
    }

    [Test]
    public async Task Registration_with_a_wrong_join_secret_is_refused_without_a_grain_call()
    {
        var register = Register();
        register.JoinSecret = "guess";
        Assert.That((await SendAsync(new NodeMessage { Register = register }))!.Refused.Reason, Does.StartWith("join_secret is neither"));
        Assert.That(await _stream.ResponseStream.MoveNext(), Is.False, "the stream ends");
        Assert.That(Node.Registration, Is.Null);
    }

    [Test]
    public async Task Stream_without_a_registration_ends_at_the_deadline()
    {
        await _stream.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(60));
        Gateway.Time.Advance(NodeRegistryService.RegisterDeadline);
        var ended = Assert.ThrowsAsync<RpcException>(() => _stream.ResponseStream.MoveNext(default));
        Assert.That(ended.Status.Detail, Is.EqualTo("Send register within 5 s."));
    }

    [Test]
    public async Task Stream_of_a_registered_node_has_no_deadline()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        Gateway.Time.Advance(NodeRegistryService.RegisterDeadline * 2);
        Assert.That((await SendAsync(new NodeMessage { Heartbeat = new Heartbeat() }))!.Ack.Received, Is.EqualTo(2));
    }

    [Test]
    public async Task Node_registers_with_its_own_credential()
    {
        var register = Register();
        register.JoinSecret = NodeCredentials.For(GatewayHost.JoinSecret, register.NodeId);
        Assert.That((await SendAsync(new NodeMessage { Register = register }))!.Registered, Is.Not.Null);
    }

    [Test]
    public async Task Message_before_registration_is_refused() =>
        Assert.That(
            (await SendAsync(new NodeMessage { Heartbeat = new Heartbeat() }))!.Refused.Reason,
            Is.EqualTo("the first message must be register"));

    private static IEnumerable<TestCaseData> BadRegistrations()
    {
        yield return Case("node_id", register => register.NodeId = "");
        yield return Case("node_id", register => register.NodeId = "two*words");
        yield return Case("region", register => register.Region = new string('r', 65));
        yield return Case("incarnation", register => register.Incarnation = "first");
        yield return Case("control_url", register => register.ControlUrl = "ftp://x");
        yield return Case("version", register => register.Version = new string('1', 65));
        yield return Case("workers", register => register.Workers = 0);
        yield return Case("control_token", register => register.ControlToken = new string('t', 31));
        yield return Case("control_token", register => register.ControlToken = new string('t', 257));
        yield return Case("control_token", register => register.ControlToken = new string('t', 31) + "\n");
        yield return Case("acked_for_ms", register => register.AckedForMs = ulong.MaxValue);
        yield return Case("rooms[0]", register => register.Rooms.Add(new HeldRoom { Channel = "two*words", Epoch = 1 }));
        yield return Case(
            "rooms[1]",
            register => register.Rooms.Add([new HeldRoom { Channel = "lobby", Epoch = 1 }, new HeldRoom { Channel = "lobby" }]));
        var tooMany = Enumerable.Range(1, 32_769).Select(epoch => new HeldRoom { Channel = "a", Epoch = (uint)epoch });
        yield return Case("rooms must", register => register.Rooms.Add(tooMany));

        static TestCaseData Case(string field, Action<Register> damage)
        {
            var register = Register();
            damage(register);
            return new TestCaseData(register.ToByteArray(), field);
        }
    }

    [TestCaseSource(nameof(BadRegistrations))]
    public async Task Registration_with_an_invalid_field_is_refused_with_the_name_of_the_field(byte[] register, string field) =>
        Assert.That(
            (await SendAsync(new NodeMessage { Register = Hype.NodeRegistry.V1.Register.Parser.ParseFrom(register) }))!.Refused.Reason,
            Does.StartWith(field));

    [Test]
    public async Task Heartbeat_with_an_invalid_load_is_refused()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        Assert.That(
            (await SendAsync(new NodeMessage { Heartbeat = new Heartbeat { Load = new Load { Load_ = double.NaN } } }))!.Refused.Reason,
            Does.StartWith("load"));
    }

    [Test]
    public async Task Endpoint_closed_event_without_a_reason_is_refused()
    {
        await SendAsync(new NodeMessage { Register = Register() });
        var events = new RoomEvents { Events = { new RoomEvent { Channel = "lobby", Epoch = 1, Closed = new() { Number = 1 } } } };
        Assert.That((await SendAsync(new NodeMessage { Events = events }))!.Refused.Reason, Does.StartWith("events[0]"));
    }

    private static Register Register() => new()
    {
        NodeId = "node-1",
        Region = "eu",
        Incarnation = Incarnation.ToString(),
        ControlUrl = "http://127.0.0.1:9000",
        Version = "0.1.0",
        Workers = 2,
        JoinSecret = GatewayHost.JoinSecret,
        ControlToken = ControlToken,
        AckedForMs = 2_500,
    };

    private static RoomEvents TicketEvents(Action<Ticket> damage)
    {
        var ticket = new Ticket
        {
            Number = 3,
            IceUfrag = "uf+/",
            SlotSsrcs = { 1, 2 },
            Fingerprint = Fingerprint,
            Version = 9,
            Sealed = ByteString.CopyFrom(4, 5, 6),
        };
        damage(ticket);
        return new RoomEvents { Events = { new RoomEvent { Channel = "lobby", Epoch = 2, Ticket = ticket } } };
    }

    private async Task<RegistryMessage?> SendAsync(NodeMessage message)
    {
        await _stream.RequestStream.WriteAsync(message);
        return await _stream.ResponseStream.MoveNext() ? _stream.ResponseStream.Current : null;
    }
}
