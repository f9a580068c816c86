using Google.Protobuf;
using Hype.MediaClient;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Tests.Testing;

namespace Hype.MediaNode.Tests.Orders;

/// <summary>Tests the fence of a channel's activations: a node executes no order of an earlier activation than the newest one.</summary>
public sealed class RoomDirectoryTests
{
    private const ulong Earlier = 1_000;
    private const ulong Later = 1_001;

    private TestNode _node = null!;

    [SetUp]
    public async Task Start() => _node = await TestNode.StartAsync();

    [TearDown]
    public async Task Stop() => await _node.DisposeAsync();

    [Test]
    public async Task Order_of_an_earlier_activation_changes_nothing_in_a_room_of_a_later_one()
    {
        await SucceedAsync(Open(), Earlier);
        await SucceedAsync(Add(1), Earlier);
        await SucceedAsync(List(), Later);

        NodeOrder[] orders =
        [
            Open(), Add(2), Remove(1), Close(), List(),
            new() { UpdateEndpoint = new() { Number = 1, CanSpeak = true } },
            new() { ReleaseEndpoint = new() { Number = 1, HandOver = 1 } },
            new() { RestartIce = new() { Number = 1, IceUfrag = "restarted", IcePwd = new string('q', 22) } },
            new()
            {
                AcceptAnswer = new()
                {
                    Number = 1,
                    IceUfrag = "client",
                    IcePwd = new string('c', 22),
                    FingerprintAlgorithm = "sha-256",
                    Fingerprint = ByteString.CopyFrom(SelfSigned.Client.Sha256),
                },
            },
            Link(),
            new() { RemoveLink = new() { Link = "link" } },
        ];
        foreach (var order in orders)
            Assert.That(await CodeAsync(order, Earlier), Is.EqualTo(OutcomeCode.Superseded), $"{order.BodyCase}");

        var listed = (await SucceedAsync(List(), Later)).ListedEndpoints;
        Assert.That(listed.Endpoints.Select(endpoint => endpoint.Number), Is.EqualTo(new[] { 1u }));
        Assert.That(listed.Links, Is.Empty);
    }

    [Test]
    public async Task Earlier_activation_opens_no_room_after_a_later_one_has_sent_an_order()
    {
        await SucceedAsync(Open(), Earlier);
        await SucceedAsync(Close(), Later);

        Assert.That(await CodeAsync(Open(), Earlier), Is.EqualTo(OutcomeCode.Superseded), "a closed room");
        Assert.That(await CodeAsync(Open(), Earlier, epoch: 2), Is.EqualTo(OutcomeCode.Superseded), "a room of a newer epoch");
        await SucceedAsync(Open(), Earlier, channel: "attic");
        await SucceedAsync(Open(), Later);
    }

    [Test]
    public async Task Later_activation_that_found_no_room_fences_off_the_earlier_one()
    {
        Assert.That(await CodeAsync(List(), Later), Is.EqualTo(OutcomeCode.UnknownRoom));
        Assert.That(await CodeAsync(Open(), Earlier), Is.EqualTo(OutcomeCode.Superseded));
    }

    [Test]
    public async Task Room_that_the_later_activation_does_not_know_is_closed_for_the_earlier_one()
    {
        await SucceedAsync(Open(), Earlier);
        await SucceedAsync(Open(), Later, epoch: 2);

        await SucceedAsync(Close(), Earlier);
        await SucceedAsync(Close(), Earlier);
        Assert.That(_node.Rooms.Rooms.Single().Epoch.Value, Is.EqualTo(2));
    }

    [Test]
    public async Task Only_the_closing_of_a_room_needs_no_incarnation()
    {
        await SucceedAsync(Open(), Earlier);

        Assert.That(await CodeAsync(Add(1), incarnation: 0), Is.EqualTo(OutcomeCode.Superseded));
        await SucceedAsync(Close(), incarnation: 0);
        Assert.That(_node.Rooms.Rooms, Is.Empty);
    }

    private async Task<OutcomeCode> CodeAsync(NodeOrder order, ulong incarnation, string channel = "lobby", uint epoch = 1) =>
        (await _node.Client.ExecuteAsync(Addressed(order, incarnation, channel, epoch))).Code;

    private Task<Outcome> SucceedAsync(NodeOrder order, ulong incarnation, string channel = "lobby", uint epoch = 1) =>
        _node.Client.SucceedAsync(Addressed(order, incarnation, channel, epoch));

    private static NodeOrder Addressed(NodeOrder order, ulong incarnation, string channel, uint epoch)
    {
        order.Room = new() { Channel = channel, Epoch = epoch };
        order.Incarnation = incarnation;
        return order;
    }

    private static NodeOrder Open() => new()
    {
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

    private static NodeOrder Close() => new() { CloseRoom = new() };

    private static NodeOrder List() => new() { ListEndpoints = new() };

    private static NodeOrder Add(uint number) => new()
    {
        AddEndpoint = new()
        {
            Number = number,
            IceUfrag = $"ufrag{number}",
            IcePwd = new string('p', 22),
            SlotSsrcs = { number * 10, (number * 10) + 1, (number * 10) + 2 },
        },
    };

    private static NodeOrder Remove(uint number) => new() { RemoveEndpoint = new() { Number = number } };

    private static NodeOrder Link() => new()
    {
        AddLink = new()
        {
            Link = "link",
            RemoteAddress = "192.0.2.2",
            RemotePort = 40_000,
            SendKey = ByteString.CopyFrom(new byte[28]),
            ReceiveKey = ByteString.CopyFrom([.. Enumerable.Repeat((byte)1, 28)]),
            SendSsrcs = { 100, 101, 102 },
            ReceiveSsrcs = { 200, 201, 202 },
        },
    };
}
