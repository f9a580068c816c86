using Google.Protobuf;
using Hype.MediaClient;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Tests.Testing;

namespace Hype.MediaNode.Tests.Cascade;

/// <summary>Tests the node orders AddLink and RemoveLink over gRPC.</summary>
public sealed class LinkControlTests
{
    private TestNode _node = null!;

    private MediaNodeControl.MediaNodeControlClient Client => _node.Client;

    private int Links => _node.Pool.Workers.Sum(worker => worker.Counters.Links);

    [SetUp]
    public async Task Start()
    {
        _node = await TestNode.StartAsync();
        var identity = new DtlsIdentity
        {
            Certificate = ByteString.CopyFrom(SelfSigned.Node.Certificate),
            PrivateKey = ByteString.CopyFrom(SelfSigned.Node.PrivateKey),
        };
        await Client.SucceedAsync(new NodeOrder { Room = Room(1), OpenRoom = new() { Slots = 3, Identity = identity } });
    }

    [TearDown]
    public async Task Stop() => await _node.DisposeAsync();

    [Test]
    public async Task Orders_to_add_and_remove_a_link_succeed_and_removing_the_link_again_succeeds()
    {
        await Client.SucceedAsync(Add());
        Assert.That(Links, Is.EqualTo(1));

        await Client.SucceedAsync(new NodeOrder { Room = Room(1), RemoveLink = new() { Link = "a-b" } });
        await Client.SucceedAsync(new NodeOrder { Room = Room(1), RemoveLink = new() { Link = "a-b" } });
        await Client.SucceedAsync(new NodeOrder { Room = Room(2), RemoveLink = new() { Link = "a-b" } });

        Assert.That(Links, Is.Zero);
    }

    [Test]
    public async Task Closing_a_room_removes_its_links()
    {
        await Client.SucceedAsync(Add());

        await Client.SucceedAsync(new NodeOrder { Room = Room(1), CloseRoom = new() });

        Assert.That(Links, Is.Zero);
    }

    [Test]
    public async Task Order_to_add_an_existing_link_or_a_link_to_an_unknown_room_is_refused()
    {
        await Client.SucceedAsync(Add());

        Assert.That((await Client.ExecuteAsync(Add())).Code, Is.EqualTo(OutcomeCode.AlreadyExists));
        var sameSsrcs = await Client.ExecuteAsync(Add(order => order.AddLink.Link = "another"));
        Assert.That(sameSsrcs.Code, Is.EqualTo(OutcomeCode.AlreadyExists));
        Assert.That(sameSsrcs.Detail, Does.Contain("receive_ssrcs"));
        Assert.That((await Client.ExecuteAsync(Add(order => order.Room = Room(2)))).Code, Is.EqualTo(OutcomeCode.UnknownRoom));
    }

    [Test]
    public async Task Link_order_with_an_invalid_field_is_refused_with_the_name_of_the_field()
    {
        await Assert.MultipleAsync(async () =>
        {
            await AssertInvalidAsync("room.channel", order => order.Room = null);
            await AssertInvalidAsync("link", order => order.AddLink.Link = "");
            await AssertInvalidAsync("link", order => order.AddLink.Link = new string('x', 65));
            await AssertInvalidAsync("remote_address", order => order.AddLink.RemoteAddress = "");
            await AssertInvalidAsync("remote_address", order => order.AddLink.RemoteAddress = "node-2.example");
            await AssertInvalidAsync("remote_address", order => order.AddLink.RemoteAddress = "0.0.0.0");
            await AssertInvalidAsync("remote_address", order => order.AddLink.RemoteAddress = "::");
            await AssertInvalidAsync("remote_port", order => order.AddLink.RemotePort = 0);
            await AssertInvalidAsync("remote_port", order => order.AddLink.RemotePort = 65_536);
            await AssertInvalidAsync("send_key", order => order.AddLink.SendKey = ByteString.CopyFrom(new byte[27]));
            await AssertInvalidAsync("receive_key", order => order.AddLink.ReceiveKey = ByteString.CopyFrom(new byte[32]));
            await AssertInvalidAsync("receive_key", order => order.AddLink.ReceiveKey = order.AddLink.SendKey);
            await AssertInvalidAsync("send_ssrcs", order => order.AddLink.SendSsrcs[0] = order.AddLink.SendSsrcs[1]);
            await AssertInvalidAsync("receive_ssrcs", order => order.AddLink.ReceiveSsrcs[0] = order.AddLink.ReceiveSsrcs[1]);
            await AssertInvalidAsync("send_ssrcs", order => order.AddLink.SendSsrcs.Add(99));
            await AssertInvalidAsync("receive_ssrcs", order => order.AddLink.ReceiveSsrcs.Clear());
        });
        Assert.That(Links, Is.Zero);
    }

    private static RoomKey Room(uint epoch) => new() { Channel = "lobby", Epoch = epoch };

    private static NodeOrder Add(Action<NodeOrder>? change = null)
    {
        var order = new NodeOrder
        {
            Room = Room(1),
            AddLink = new()
            {
                Link = "a-b",
                RemoteAddress = "127.0.0.1",
                RemotePort = 9,
                SendKey = ByteString.CopyFrom([.. Enumerable.Range(1, 28).Select(i => (byte)i)]),
                ReceiveKey = ByteString.CopyFrom([.. Enumerable.Range(101, 28).Select(i => (byte)i)]),
                SendSsrcs = { 11, 12, 13 },
                ReceiveSsrcs = { 21, 22, 23 },
            },
        };
        change?.Invoke(order);
        return order;
    }

    private async Task AssertInvalidAsync(string field, Action<NodeOrder> change)
    {
        var outcome = await Client.ExecuteAsync(Add(change));
        Assert.That(outcome.Code, Is.EqualTo(OutcomeCode.InvalidOrder), field);
        Assert.That(outcome.Detail, Does.Contain(field));
    }
}
