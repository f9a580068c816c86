using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Orders;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.Channels.Orders;

/// <summary>Tests that the two ends of a link have matching keys and addresses.</summary>
public sealed class RoomLinkKeysTests
{
    private const int Slots = 3;

    private static readonly NodeCandidate LowAddress = new("192.0.2.1", 1000);
    private static readonly NodeCandidate HighAddress = new("192.0.2.2", 2000);

    [Test]
    public void Each_end_of_a_link_has_the_name_of_the_link_and_the_address_of_the_other_end()
    {
        var (low, high) = Create();
        Assert.That((low.Link, low.RemoteAddress, low.RemotePort), Is.EqualTo(("link", HighAddress.Address, 2000u)));
        Assert.That((high.Link, high.RemoteAddress, high.RemotePort), Is.EqualTo(("link", LowAddress.Address, 1000u)));
    }

    [Test]
    public void Receive_key_and_SSRCs_of_a_link_end_equal_the_send_key_and_SSRCs_of_the_other_end()
    {
        var (low, high) = Create();
        Assert.That((low.SendKey, high.SendKey), Is.EqualTo((high.ReceiveKey, low.ReceiveKey)));
        Assert.That(low.SendSsrcs, Is.EqualTo(high.ReceiveSsrcs));
        Assert.That(high.SendSsrcs, Is.EqualTo(low.ReceiveSsrcs));
        Assert.That(low.SendSsrcs, Has.Count.EqualTo(Slots));
    }

    [Test]
    public void Each_direction_of_each_link_has_a_different_key()
    {
        var (low, high) = Create();
        var (another, _) = Create();
        string[] keys = [
            .. new[] { low.SendKey, high.SendKey, another.SendKey, another.ReceiveKey }.Select(key => Convert.ToHexString(key.Span))];
        Assert.That(keys, Is.Unique);
        Assert.That(keys, Has.All.Length.EqualTo(2 * (16 + 12)), "AEAD_AES_128_GCM: 128 bits of key, 96 of salt");
    }

    private static (AddLink Low, AddLink High) Create() => RoomLinkKeys.Create("link", LowAddress, HighAddress, Slots);
}
