using Google.Protobuf;
using Grpc.Core;
using Hype.MediaClient;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Tests.Testing;

namespace Hype.MediaNode.Tests.Cascade;

/// <summary>AddLink and RemoveLink on the wire.</summary>
public sealed class LinkControlTests
{
    private TestNode _node = null!;

    private MediaNodeControl.MediaNodeControlClient Client => _node.Client;

    private int Links => _node.Pool.Workers.Sum(worker => worker.Counters.Links);

    [SetUp]
    public async Task Start()
    {
        _node = await TestNode.StartAsync();
        await Client.OpenRoomAsync(new OpenRoomRequest
        {
            Room = Room(1),
            Slots = 3,
            Identity = new DtlsIdentity { Certificate = ByteString.CopyFrom(SelfSigned.Node.Certificate), PrivateKey = ByteString.CopyFrom(SelfSigned.Node.PrivateKey) },
        });
    }

    [TearDown]
    public async Task Stop() => await _node.DisposeAsync();

    [Test]
    public async Task Link_is_added_and_removed_and_removing_it_again_succeeds()
    {
        await Client.AddLinkAsync(Add());
        Assert.That(Links, Is.EqualTo(1));

        await Client.RemoveLinkAsync(new RemoveLinkRequest { Room = Room(1), Link = "a-b" });
        await Client.RemoveLinkAsync(new RemoveLinkRequest { Room = Room(1), Link = "a-b" });
        await Client.RemoveLinkAsync(new RemoveLinkRequest { Room = Room(2), Link = "a-b" });

        Assert.That(Links, Is.Zero);
    }

    [Test]
    public async Task Closing_a_room_removes_its_links()
    {
        await Client.AddLinkAsync(Add());

        await Client.CloseRoomAsync(new CloseRoomRequest { Room = Room(1) });

        Assert.That(Links, Is.Zero);
    }

    [Test]
    public async Task Duplicate_link_is_ALREADY_EXISTS_and_unknown_room_is_NOT_FOUND()
    {
        await Client.AddLinkAsync(Add());

        Assert.That(Error(Add()).StatusCode, Is.EqualTo(StatusCode.AlreadyExists));
        var sameSsrcs = Error(Add(add => add.Link = "another"));
        Assert.That(sameSsrcs.StatusCode, Is.EqualTo(StatusCode.AlreadyExists));
        Assert.That(sameSsrcs.Status.Detail, Does.Contain("receive_ssrcs"));
        Assert.That(Error(Add(add => add.Room = Room(2))).StatusCode, Is.EqualTo(StatusCode.NotFound));
    }

    [Test]
    public void Invalid_field_is_named()
    {
        Assert.Multiple(() =>
        {
            AssertInvalid("room.channel", add => add.Room = null);
            AssertInvalid("link", add => add.Link = "");
            AssertInvalid("link", add => add.Link = new string('x', 65));
            AssertInvalid("remote_address", add => add.RemoteAddress = "");
            AssertInvalid("remote_address", add => add.RemoteAddress = "node-2.example");
            AssertInvalid("remote_address", add => add.RemoteAddress = "0.0.0.0");
            AssertInvalid("remote_address", add => add.RemoteAddress = "::");
            AssertInvalid("remote_port", add => add.RemotePort = 0);
            AssertInvalid("remote_port", add => add.RemotePort = 65_536);
            AssertInvalid("send_key", add => add.SendKey = ByteString.CopyFrom(new byte[27]));
            AssertInvalid("receive_key", add => add.ReceiveKey = ByteString.CopyFrom(new byte[32]));
            AssertInvalid("receive_key", add => add.ReceiveKey = add.SendKey);
            AssertInvalid("send_ssrcs", add => add.SendSsrcs[0] = add.SendSsrcs[1]);
            AssertInvalid("receive_ssrcs", add => add.ReceiveSsrcs[0] = add.ReceiveSsrcs[1]);
            AssertInvalid("send_ssrcs", add => add.SendSsrcs.Add(99));
            AssertInvalid("receive_ssrcs", add => add.ReceiveSsrcs.Clear());
        });
        Assert.That(Links, Is.Zero);
    }

    private static RoomKey Room(uint epoch) => new() { Channel = "lobby", Epoch = epoch };

    private static AddLinkRequest Add(Action<AddLinkRequest>? change = null)
    {
        var request = new AddLinkRequest
        {
            Room = Room(1),
            Link = "a-b",
            RemoteAddress = "127.0.0.1",
            RemotePort = 9,
            SendKey = ByteString.CopyFrom([.. Enumerable.Range(1, 28).Select(i => (byte)i)]),
            ReceiveKey = ByteString.CopyFrom([.. Enumerable.Range(101, 28).Select(i => (byte)i)]),
            SendSsrcs = { 11, 12, 13 },
            ReceiveSsrcs = { 21, 22, 23 },
        };
        change?.Invoke(request);
        return request;
    }

    private RpcException Error(AddLinkRequest request) => Assert.ThrowsAsync<RpcException>(async () => await Client.AddLinkAsync(request))!;

    private void AssertInvalid(string field, Action<AddLinkRequest> change)
    {
        var error = Error(Add(change));
        Assert.That(error.StatusCode, Is.EqualTo(StatusCode.InvalidArgument), field);
        Assert.That(error.Status.Detail, Does.Contain(field));
    }
}
