using System.Security.Cryptography;
using Hype.MediaNode.Cascade;
using Hype.MediaNode.Ciphers;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>Tests that a faulty node at the other end of a link cannot fill a room with speakers that do not exist.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LinkCapTests
{
    private const int Slots = 3;
    private const int Most = RoomCascade.SpeakersPerSlot * Slots;

    private readonly Room _room = new(new RoomKey("lobby", new RoomEpoch(1)), Slots, dtls: null!);
    private uint _ssrcs;

    [Test]
    public void Speakers_of_a_link_are_limited_at_5000_new_CSRCs_per_second()
    {
        using var faulty = Link("faulty");
        for (var i = 0u; i < 50_000; i++)
            _room.Cascade.Accept(new MemberNumber(1_000 + i), faulty, now: i * 200);

        Assert.That(_room.Speakers.Members, Is.EqualTo(Most));
        Assert.That(_room.Cascade.Find(new MemberNumber(50_999)), Is.Not.Null, "the newest speaker replaces the oldest");
        Assert.That(_room.Cascade.Find(new MemberNumber(50_999 - Most)), Is.Null);
    }

    [Test]
    public void Speaker_of_another_link_stays_while_a_faulty_link_sends_new_CSRCs()
    {
        using var faulty = Link("faulty");
        using var honest = Link("honest");
        var speaker = _room.Cascade.Accept(new MemberNumber(7), honest, now: 0);
        for (var i = 0u; i < 5_000; i++)
            _room.Cascade.Accept(new MemberNumber(1_000 + i), faulty, now: i * 200);

        Assert.That(_room.Cascade.Find(new MemberNumber(7)), Is.SameAs(speaker));
    }

    private CascadeLink Link(string name)
    {
        var spec = new LinkSpec(
            name, new TransportAddress(0, 1, 1), RandomNumberGenerator.GetBytes(LinkSpec.KeyLength),
            RandomNumberGenerator.GetBytes(LinkSpec.KeyLength), NewSsrcs(), NewSsrcs());
        var link = new CascadeLink(_room, spec, AesEngine.Auto, now: 0);
        _room.Add(link);
        return link;
    }

    private Ssrc[] NewSsrcs() => [.. Enumerable.Range(0, Slots).Select(_ => new Ssrc(++_ssrcs))];
}
