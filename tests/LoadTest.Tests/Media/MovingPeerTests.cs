using Hype.LoadTest.Media;
using Hype.MediaClient;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Tests.Media;

/// <summary>
/// Tests a client's peer whose endpoint moves to another node, as docs/signaling.md describes in <c>When a media node goes away</c>.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MovingPeerTests : IDisposable
{
    private const uint Better = 2_000;

    private static readonly TransportAddress Old = TransportAddress.FromIPv4([192, 0, 2, 1], 4000);
    private static readonly TransportAddress New = TransportAddress.FromIPv4([192, 0, 2, 2], 4000);

    private readonly MemoryPath _path = new(Old);
    private readonly SpokenStream _fromClient;
    private readonly SpokenStream _fromNode;
    private uint _said;

    public MovingPeerTests()
    {
        (_fromClient, _fromNode) = (new SpokenStream(_path.Client, 111, 1, 77), new SpokenStream(_path.Node, 111, 1, 78));
        _path.Pass(500);
        Assert.That((_path.Client.State, _path.Node.State), Is.EqualTo((PeerState.Connected, PeerState.Connected)));
    }

    public void Dispose() => _path.Dispose();

    [Test]
    public void Peer_that_moves_from_a_running_node_loses_no_packet_in_either_direction()
    {
        _path.Up(New);
        Talk(20);

        _path.Client.Follow(New, Better, _path.Now);
        _path.Arrive();
        Talk(30);

        Assert.That((_path.HeardByNode.Frames, _path.HeardByClient.Frames),
            Is.EqualTo((Enumerable.Range(0, 50).Select(frame => (uint)frame), Enumerable.Range(0, 50).Select(frame => (uint)frame))));
        Assert.That(_path.MediaSince(0).Distinct(), Is.EqualTo(new[] { Old, New }));
        Assert.That(_path.HeardByClient.Moves, Is.EqualTo(new[] { (MoveWay.Candidate, 20) }));
        Assert.That(_path.HeardByClient.HeardAfterMove, Is.EqualTo(new[] { 20 }));
    }

    [Test]
    public void New_candidate_address_gets_ICE_checks_at_once_but_no_media_before_its_first_ICE_response()
    {
        var before = _path.Sent.Count;

        _path.Client.Follow(New, Better, _path.Now);
        _path.Arrive();
        Talk(10);

        Assert.That(_path.Sent[before].To, Is.EqualTo(New));
        Assert.That(_path.MediaSince(before), Is.All.EqualTo(Old));
        Assert.That(_path.ChecksSince(before).Where(check => check.To == New).Count(), Is.EqualTo(4), "one every 50 ms");
        Assert.That(_path.ChecksSince(before)
            .Where(check => check.To == New), Is.All.EqualTo((New, false)), "it has not answered, so it is not nominated");
    }

    [Test]
    public void New_candidate_address_is_nominated_when_it_answers_an_ICE_check()
    {
        _path.Up(New);
        var before = _path.Sent.Count;

        _path.Client.Follow(New, Better, _path.Now);
        _path.Arrive();

        Assert.That(_path.ChecksSince(before), Is.EqualTo(new[] { (New, false), (New, true) }));
    }

    [Test]
    public void Peer_moves_from_a_dead_node_to_a_replacement_that_starts_later()
    {
        Talk(10);
        _path.Down(Old);
        _path.Client.Follow(New, Better, _path.Now);
        Talk(10);

        _path.Up(New);
        _path.Pass(50);
        Talk(10);

        Assert.That(
            _path.HeardByNode.Frames, Is.EqualTo(Enumerable.Range(0, 10).Concat(Enumerable.Range(20, 10)).Select(frame => (uint)frame)));
    }

    [Test]
    public void Media_goes_to_the_candidate_with_the_highest_priority_in_any_order_of_ICE_responses()
    {
        var other = TransportAddress.FromIPv4([192, 0, 2, 3], 4000);
        _path.Up(other);
        _path.Client.Follow(New, Better, _path.Now);
        _path.Client.Follow(other, Better - 1, _path.Now);
        Talk(5);
        Assert.That(_path.MediaSince(_path.Sent.Count - 1), Is.EqualTo(new[] { other }));

        _path.Up(New);
        Talk(5);

        Assert.That(_path.MediaSince(_path.Sent.Count - 1), Is.EqualTo(new[] { New }));
        _path.Client.Follow(other, Better - 1, _path.Now);
        Talk(5);
        Assert.That(_path.MediaSince(_path.Sent.Count - 1), Is.EqualTo(new[] { New }), "one that is not better is not tried");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ICE_restart_uses_new_ICE_credentials_and_the_same_SRTP_keys(bool elsewhere)
    {
        var address = elsewhere ? New : Old;
        _path.Up(address);
        Talk(10);
        var (client, node) = (IceCredentials.New(), IceCredentials.New());

        _path.Node.Restart(node, client, [], _path.Now);
        _path.Client.Restart(client, node, [address], _path.Now);
        _path.Arrive();
        Talk(10);

        Assert.That(_path.HeardByNode.Frames, Has.Count.EqualTo(20));
        Assert.That(_path.HeardByClient.Frames, Has.Count.EqualTo(20));
        Assert.That(_path.MediaSince(_path.Sent.Count - 1), Is.EqualTo(new[] { address }));
        Assert.That(_path.HeardByClient.Moves, Is.EqualTo(new[] { (MoveWay.IceRestart, 10) }));
    }

    [Test]
    public void Media_stays_on_the_old_address_if_the_node_answers_no_ICE_check_after_an_ICE_restart()
    {
        _path.Up(New);
        _path.Client.Restart(IceCredentials.New(), IceCredentials.New(), [New], _path.Now); // unknown to the node
        Talk(10);

        Assert.That(_path.HeardByClient.Moves, Is.Empty);
        Assert.That(_path.HeardByNode.Frames, Has.Count.EqualTo(10), "media goes on to the old address meanwhile");
    }

    /// <summary>Makes both sides send the given number of frames, one every 20 ms.</summary>
    private void Talk(int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            var frame = new SpokenFrame(_path.Now, 1, _said++);
            Assert.That(_fromClient.Say(frame, 40, startsTurn: false) && _fromNode.Say(frame, 40, startsTurn: false), Is.True);
            _path.Arrive();
            _path.Pass(20);
        }
    }
}
