using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Cascade;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Rooms;

/// <summary>The two ends of a link fit each other.</summary>
public sealed class RoomLinkKeysTests
{
    private const int Slots = 3;

    private static readonly NodeCandidate LowAddress = new("udp", "192.0.2.1", 1000);
    private static readonly NodeCandidate HighAddress = new("udp", "192.0.2.2", 2000);

    private static readonly LinkRooms Order = new(
        new RoomPair(new RoomEpoch(1), new RoomEpoch(2)),
        "link",
        new Room(MachineBench.NodeA, MachineBench.Local, new RoomEpoch(1)),
        new Room(MachineBench.NodeB, MachineBench.Local, new RoomEpoch(2)),
        InPlaceOf: null);

    [Test]
    public void Ends_name_their_room_and_the_address_of_the_other()
    {
        var (low, high) = Create();
        Assert.That((low.Channel, low.Epoch, low.Link, low.Remote), Is.EqualTo((MachineBench.Channel, new RoomEpoch(1), "link", HighAddress)));
        Assert.That((high.Channel, high.Epoch, high.Link, high.Remote), Is.EqualTo((MachineBench.Channel, new RoomEpoch(2), "link", LowAddress)));
    }

    [Test]
    public void Each_end_receives_what_the_other_sends()
    {
        var (low, high) = Create();
        Assert.That((low.SendKey, low.SendSsrcs), Is.EqualTo((high.ReceiveKey, high.ReceiveSsrcs)));
        Assert.That((high.SendKey, high.SendSsrcs), Is.EqualTo((low.ReceiveKey, low.ReceiveSsrcs)));
        Assert.That(low.SendSsrcs, Has.Length.EqualTo(Slots));
    }

    [Test]
    public void Directions_and_links_share_no_key()
    {
        var (low, high) = Create();
        var (another, _) = Create();
        var keys = new[] { low.SendKey, high.SendKey, another.SendKey, another.ReceiveKey }.Select(key => Convert.ToHexString([.. key])).ToArray();
        Assert.That(keys, Is.Unique);
        Assert.That(keys, Has.All.Length.EqualTo(2 * (16 + 12)), "AEAD_AES_128_GCM: 128 bits of key, 96 of salt");
    }

    private static (LinkSpec Low, LinkSpec High) Create() => RoomLinkKeys.Create(MachineBench.Channel, Order, LowAddress, HighAddress, Slots);
}
