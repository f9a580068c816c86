using Hype.MediaNode.Net;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>
/// Tests a member that forges the source addresses of its own authentic datagrams: it directs no media to an address at which its client
/// does not receive, and takes no address from another member.
/// </summary>
public sealed class ForgedSourceTests
{
    private static readonly TransportAddress Victim = WorkerBench.AddressOf(77);

    private WorkerBench _bench = null!;
    private TestPeer _speaker = null!;
    private long _receivedByVictim;
    private int _word;

    [SetUp]
    public void Begin()
    {
        _bench = new WorkerBench();
        (_speaker, _receivedByVictim, _word) = (_bench.Connect(1), 0, 0);
        _bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == Victim)
                _receivedByVictim += datagram.Length;
            else
                _bench.Network.Deliver(datagram, to);
        };
    }

    [TearDown]
    public void End() => _bench.Dispose();

    [Test]
    public void Late_SDP_answer_of_a_completed_handshake_does_not_validate_an_address_with_a_forged_source()
    {
        var attacker = _bench.Add(2);
        attacker.Check();
        attacker.Greet();
        _bench.Turn();
        Assert.That(attacker.IsConnected, Is.True);

        var forged = attacker.CheckRequest();
        Forge(forged);
        attacker.AnswersChecks = false;
        _bench.Answer(attacker);
        Speak(500);

        Assert.That(_bench.IsConnected(2), Is.True);
        Assert.That(_receivedByVictim, Is.InRange(1, 3 * forged.Length));
    }

    [Test]
    public void Last_flight_of_a_handshake_with_a_forged_source_does_not_validate_the_address()
    {
        var attacker = _bench.Add(2);
        attacker.AnswersChecks = false;
        _bench.Answer(attacker);
        attacker.Check();
        attacker.Greet();
        var flight = new List<byte[]>();
        attacker.Loses = datagram =>
        {
            flight.Add(datagram);
            return true;
        };
        _bench.Turn();

        var forged = new List<byte[]> { attacker.CheckRequest(), attacker.CheckRequest() };
        forged.AddRange(flight);
        forged.ForEach(Forge);
        Speak(500);

        Assert.That(_bench.IsConnected(2), Is.True);
        Assert.That(_receivedByVictim, Is.InRange(1, 3 * forged.Sum(datagram => datagram.Length)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Address_that_a_member_has_left_receives_nothing_after_its_consent_expired(bool forgesChecks)
    {
        var attacker = _bench.Connect(2);
        _bench.Network.Socket.Deliver = (datagram, to) => Deliver(attacker, datagram, to);
        attacker.MoveTo(Victim);
        attacker.Check();
        _bench.Turn();
        Speak(1);
        Assert.That(attacker.Heard, Has.Count.EqualTo(1));

        // It leaves, and continues to check from home.
        attacker.AnswersChecks = false;
        attacker.MoveTo(WorkerBench.AddressOf(88));
        _receivedByVictim = 0;
        var (sent, before) = (0L, 0L);
        for (var second = 0; second < 120; second++)
        {
            if (second % 20 == 0)
                attacker.Check(useCandidate: false);
            if (forgesChecks && second % 5 == 0)
            {
                var check = attacker.CheckRequest();
                sent += second < 30 ? 0 : check.Length;
                Forge(check);
            }

            _bench.Advance(TimeSpan.FromSeconds(1), () => _speaker.Say(++_word));
            if (second == 39)
                before = _receivedByVictim;
        }

        Assert.That(_bench.IsConnected(2), Is.True);
        Assert.That(_receivedByVictim - before, Is.LessThanOrEqualTo(3 * sent));
    }

    [Test]
    public void Address_of_a_client_that_sends_no_checks_is_not_taken_by_a_forged_check()
    {
        var (talking, attacker) = (_bench.Connect(2), _bench.Connect(3));
        attacker.AnswersChecks = false;

        _bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to != talking.Address || IsCheckFor(talking, datagram))
                _bench.Network.Deliver(datagram, to);
        };
        for (var second = 0; second < 60; second++)
        {
            attacker.Check();
            _bench.Advance(TimeSpan.FromSeconds(1), () => talking.Say(++_word));
        }

        _bench.Network.Socket.Arrive(attacker.CheckRequest(), talking.Address);
        _bench.Advance(TimeSpan.FromSeconds(1), () => talking.Say(++_word));
        _speaker.Heard.Clear();
        _bench.Frame(++_word, talking);

        Assert.That(_speaker.Heard.Select(heard => heard.Speaker), Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public void Two_members_on_one_address_leave_it_to_the_first_as_long_as_it_answers()
    {
        var (first, second) = (_bench.Connect(2), _bench.Connect(3));
        _bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to != first.Address)
                _bench.Network.Deliver(datagram, to);
            else if (IsCheckFor(second, datagram))
                second.Receive(datagram);
            else if (!IsAnswer(datagram))
                first.Receive(datagram);
        };
        second.MoveTo(first.Address);

        for (var i = 0; i < 100; i++)
        {
            second.Check();
            _bench.Advance(TimeSpan.FromSeconds(0.1), () => first.Say(++_word));
        }

        Assert.That(_speaker.Heard.Select(heard => heard.Speaker), Is.All.EqualTo(2).And.Exactly(100).Items);
    }

    [Test]
    public void Forged_checks_do_not_keep_a_returning_client_from_the_address_that_it_had_before()
    {
        var (crashed, returned, attacker) = (_bench.Connect(2), _bench.Connect(3), _bench.Connect(4));
        crashed.Leave();
        returned.MoveTo(crashed.Address);
        _bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to != returned.Address)
                _bench.Network.Deliver(datagram, to);
            else if (IsCheckFor(returned, datagram) || (!IsCheck(datagram) && !IsAnswer(datagram)))
                returned.Receive(datagram);
        };

        returned.Check();
        for (var i = 0; i < 20; i++)
        {
            _bench.Network.Socket.Arrive(attacker.CheckRequest(), returned.Address);
            _bench.Advance(TimeSpan.FromSeconds(0.1));
            _bench.Network.Socket.Arrive(attacker.CheckRequest(), returned.Address);
            if (i % 5 == 0)
                returned.Check();
        }

        _bench.Frame(++_word, returned);

        Assert.That(_speaker.Heard.Select(heard => heard.Speaker), Is.EqualTo(new[] { 3 }));
    }

    private static bool IsCheck(ReadOnlySpan<byte> datagram) =>
        DatagramClassifier.Classify(datagram) == DatagramKind.Stun && StunMessage.TryParse(datagram, out var message)
        && message.Class == StunClass.Request;

    private static bool IsAnswer(ReadOnlySpan<byte> datagram) =>
        DatagramClassifier.Classify(datagram) == DatagramKind.Stun && !IsCheck(datagram);

    private static bool IsCheckFor(TestPeer peer, ReadOnlySpan<byte> datagram) => IsCheck(datagram) && peer.Expects(datagram);

    private void Deliver(TestPeer attacker, ReadOnlySpan<byte> datagram, TransportAddress to)
    {
        if (to == Victim)
            _receivedByVictim += datagram.Length;
        if (to != Victim || attacker.Address == Victim)
            _bench.Network.Deliver(datagram, to);
    }

    private void Forge(byte[] datagram)
    {
        _bench.Network.Socket.Arrive(datagram, Victim);
        _bench.Turn();
    }

    private void Speak(int frames)
    {
        for (var i = 0; i < frames; i++)
            _bench.Frame(++_word, _speaker);
    }
}
