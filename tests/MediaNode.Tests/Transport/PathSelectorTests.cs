using Hype.MediaNode.Net;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Tests.Transport;

/// <summary>Tests the selection of the address to which an endpoint sends, and the limit for addresses that are not validated.</summary>
public sealed class PathSelectorTests
{
    private const int CheckLength = 100;
    private const long Second = 1_000_000;

    private static readonly TransportAddress A = Address(1);
    private static readonly TransportAddress B = Address(2);

    private PathSelector _paths = new();
    private int _checks;

    [SetUp]
    public void Begin() => (_paths, _checks) = (new PathSelector(), 0);

    [Test]
    public void First_check_selects_its_address_without_validating_it()
    {
        Check(A, nominates: false, 0);

        Assert.That((_paths.Selected, _paths.IsValidated), Is.EqualTo((A, false)));
    }

    [Test]
    public void Answer_to_a_check_of_the_node_validates_the_address()
    {
        Check(A, nominates: true, 0);

        Validate(A, 0);

        Assert.That(_paths.IsValidated, Is.True);
        Assert.That(_paths.TrySpend(1_000_000), Is.True);
    }

    [Test]
    public void Answer_with_another_transaction_id_or_from_another_address_validates_nothing()
    {
        Check(A, nominates: true, 0);
        Check(B, nominates: false, 0);
        var id = _paths.NextCheck(A, CheckLength, 0).ToArray();

        Assert.That(_paths.OnAnswer(A, new byte[12], CheckLength, 0), Is.False);
        Assert.That(_paths.OnAnswer(B, id, CheckLength, 0), Is.False);
        Assert.That(_paths.IsValidated, Is.False);
    }

    [Test]
    public void Answer_without_a_check_of_the_node_validates_nothing()
    {
        Check(A, nominates: true, 0);

        Assert.That(_paths.OnAnswer(A, new byte[12], CheckLength, 0), Is.False);
    }

    [Test]
    public void Answer_to_one_of_the_last_two_checks_validates_the_address_and_an_older_one_does_not()
    {
        Check(A, nominates: true, 0);
        var ids = Enumerable.Range(0, 3).Select(second => _paths.NextCheck(A, CheckLength, second * Second).ToArray()).ToArray();

        Assert.That(ids, Is.Unique);
        Assert.That(_paths.OnAnswer(A, ids[0], CheckLength, 3 * Second), Is.False);
        Assert.That(_paths.OnAnswer(A, ids[1], CheckLength, 3 * Second), Is.True);
        Assert.That(_paths.OnAnswer(A, ids[2], CheckLength, 3 * Second), Is.True);
    }

    [Test]
    public void Handshake_validates_no_address()
    {
        Check(A, nominates: true, 0);
        _paths.OnHandshake(A, 300, 0);

        Assert.That((_paths.Selected, _paths.IsValidated), Is.EqualTo((A, false)));
    }

    [Test]
    public void Handshake_goes_to_the_address_from_which_the_client_sends_it()
    {
        Check(A, nominates: false, 0);
        Check(B, nominates: false, 0);
        _paths.OnHandshake(B, 300, 0);

        Assert.That(_paths.Selected, Is.EqualTo(B));
    }

    [Test]
    public void Newest_nomination_wins_while_the_selected_address_is_not_validated()
    {
        Check(A, nominates: true, 0);
        Check(B, nominates: true, 1);

        Assert.That(_paths.Selected, Is.EqualTo(B));
    }

    [Test]
    public void Nominated_address_of_a_listener_is_selected_as_soon_as_it_is_validated()
    {
        SelectValidated(A, 0);

        Check(B, nominates: true, 2 * Second);
        Assert.That(_paths.Selected, Is.EqualTo(A), "the source of a check can be forged");
        Validate(B, 2 * Second);

        Assert.That(_paths.Selected, Is.EqualTo(B));
    }

    [Test]
    public void Nominated_address_is_selected_when_authentic_media_arrives_from_it()
    {
        SelectValidated(A, 0);
        _paths.OnMedia(A, 100, 2 * Second);

        Check(B, nominates: true, 2 * Second);
        _paths.OnMedia(B, 100, (2 * Second) + 20_000);

        Assert.That((_paths.Selected, _paths.IsValidated), Is.EqualTo((B, false)));
    }

    [Test]
    public void Nominated_address_is_not_selected_while_the_media_of_the_client_continues_on_the_old_address()
    {
        SelectValidated(A, 0);
        Speak(A, 0, 2 * Second);
        Check(B, nominates: true, 2 * Second);
        Validate(B, 2 * Second);

        Speak(A, 2 * Second, 4 * Second);

        Assert.That(_paths.Selected, Is.EqualTo(A));
    }

    [Test]
    public void Address_that_does_not_answer_yields_to_one_that_is_checked_without_a_nomination()
    {
        SelectValidated(A, 0);
        Check(B, nominates: false, Second);
        Validate(B, Second);

        Pass(Second, PathSelector.Silence + PathSelector.AnswerTimeout, answering: false);
        Assert.That(_paths.Selected, Is.EqualTo(A), "it may still answer");
        Check(B, nominates: false, PathSelector.Silence + PathSelector.AnswerTimeout);

        Assert.That(_paths.Selected, Is.EqualTo(B));
    }

    [TestCase(5)]
    [TestCase(6)]
    [TestCase(12)]
    public void Listener_that_checks_rarely_and_answers_keeps_its_address(int interval)
    {
        SelectValidated(A, 0);
        Check(B, nominates: false, 0);
        Validate(B, 0);

        for (var now = Second; now < 120 * Second; now += Second)
        {
            if (now % (interval * Second) == 0)
                Check(A, nominates: true, now);
            Check(B, nominates: false, now);
            Validate(B, now);
            Pass(now, now + Second, answering: true);
            Assert.That(_paths.Selected, Is.EqualTo(A));
        }
    }

    [Test]
    public void Dead_address_is_left_a_second_after_the_nomination_of_an_earlier_one()
    {
        SelectValidated(A, 0);
        Check(B, nominates: true, Second);
        Validate(B, Second);
        Assert.That(_paths.Selected, Is.EqualTo(B));

        Check(A, nominates: true, 2 * Second);
        Assert.That(_paths.Selected, Is.EqualTo(B));
        Pass(2 * Second, 4 * Second, answering: false);

        Assert.That(_paths.Selected, Is.EqualTo(A));
    }

    [Test]
    public void Media_from_a_new_mapping_of_the_client_is_followed_when_the_old_one_has_no_media_any_more()
    {
        SelectValidated(A, 0);
        Speak(A, 0, Second);
        Check(B, nominates: false, Second);

        Speak(B, Second, Second + PathSelector.MediaSilence + 20_000);

        Assert.That(_paths.Selected, Is.EqualTo(B));
    }

    [Test]
    public void Two_addresses_that_are_nominated_in_turn_do_not_make_the_path_alternate(
        [Values(50_000, 500_000, 1_000_000, 1_250_000, 2_500_000, 3_000_000)] long interval)
    {
        SelectValidated(A, 0);
        var (moves, last) = (0, A);

        for (var step = 1; step * interval < 120 * Second; step++)
        {
            var now = step * interval;
            var next = step % 2 == 0 ? A : B;
            Check(next, nominates: true, now);
            Validate(next, now);
            Pass(now, now + interval, answering: true);
            moves += _paths.Selected == last ? 0 : 1;
            last = _paths.Selected;
        }

        Assert.That(moves, Is.EqualTo(1));
    }

    [Test]
    public void Address_that_was_left_is_selected_again_when_only_it_is_nominated()
    {
        SelectValidated(A, 0);
        Check(B, nominates: true, Second);
        Validate(B, Second);

        for (var now = 2 * Second; now <= Second + PathSelector.Settling; now += Second)
        {
            Assert.That(_paths.Selected, Is.EqualTo(B));
            Check(A, nominates: true, now);
            Pass(now, now + Second, answering: true);
        }

        Assert.That(_paths.Selected, Is.EqualTo(A));
    }

    [Test]
    public void Nominated_address_that_receives_nothing_is_never_selected()
    {
        SelectValidated(A, 0);

        for (var now = Second; now < 61 * Second; now += 100_000)
        {
            Check(B, nominates: true, now);
            Assert.That(_paths.Selected, Is.EqualTo(A));
            Check(A, nominates: true, now + 50_000);
            Pass(now + 50_000, now + 100_000, answering: true);
        }
    }

    [Test]
    public void Every_port_of_a_host_that_another_node_validated_is_validated()
    {
        var paths = new PathSelector(validatedHost: A);

        paths.OnCheck(A with { Port = 9 }, nominates: true, 0);
        Assert.That(paths.IsValidated, Is.True);
        paths.OnCheck(B, nominates: true, 0);

        Assert.That(paths.Selected, Is.EqualTo(A with { Port = 9 }));
    }

    [Test]
    public void Proof_of_another_node_ends_for_all_ports_of_the_host_at_the_same_time()
    {
        var paths = new PathSelector(validatedHost: A);
        paths.OnCheck(A, nominates: true, 0);
        paths.OnCheck(A with { Port = 9 }, nominates: true, PathSelector.HostProof - 100_000);
        Assert.That((paths.Selected, paths.IsValidated), Is.EqualTo((A with { Port = 9 }, true)));
        paths.Tick(PathSelector.HostProof);
        Assert.That(paths.IsValidated, Is.True);
        paths.Tick(PathSelector.HostProof + 1);
        Assert.That(paths.IsValidated, Is.False);

        paths.OnCheck(A with { Port = 10 }, nominates: true, PathSelector.HostProof + 1);

        Assert.That((paths.Selected, paths.IsValidated), Is.EqualTo((A with { Port = 10 }, false)));
    }

    [Test]
    public void Proof_of_another_node_is_not_passed_on_and_the_node_asks_at_once_for_its_own()
    {
        var paths = new PathSelector(validatedHost: A);
        paths.OnCheck(A, nominates: true, 0);
        Assert.That((paths.Proved, paths.DueCheck(0)), Is.EqualTo(((TransportAddress?)null, (TransportAddress?)A)));

        paths.OnAnswer(A, paths.NextCheck(A, CheckLength, 0, renews: true), CheckLength, 0);

        Assert.That(paths.Proved, Is.EqualTo(A));
        Assert.That(paths.DueCheck(Second), Is.Null);
    }

    [Test]
    public void Nominated_address_is_checked_again_when_the_first_check_of_the_node_is_lost()
    {
        SelectValidated(A, 0);
        Check(B, nominates: true, 2 * Second);
        _paths.NextCheck(B, CheckLength, 2 * Second);

        Pass(2 * Second, (2 * Second) + PathSelector.UrgentInterval + 100_000, answering: true);

        Assert.That(_paths.Selected, Is.EqualTo(B));
    }

    [Test]
    public void Nominated_address_that_does_not_answer_is_checked_within_the_limit_of_its_bytes()
    {
        SelectValidated(A, 0);
        Check(B, nominates: true, 2 * Second);
        Speak(A, 0, 2 * Second);
        var checks = 0;

        for (var now = 2 * Second; now < 12 * Second; now += 100_000)
        {
            _paths.OnMedia(A, 100, now);
            if (_paths.DueCheck(now) == B && !_paths.NextCheck(B, CheckLength, now, renews: true).IsEmpty)
                checks++;
        }

        Assert.That(checks, Is.EqualTo(PathSelector.Amplification));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Loss_of_single_checks_of_the_node_does_not_make_the_selected_address_dead(int lost)
    {
        SelectValidated(A, 0);
        for (var now = 100_000L; now < 60 * Second; now += 100_000)
        {
            if (now % (5 * Second) == 0)
                Check(A, nominates: true, now);
            if (now % Second == 0)
            {
                Check(B, nominates: false, now);
                Validate(B, now);
            }

            _paths.Tick(now);
            Assert.That(_paths.Selected, Is.EqualTo(A), $"at {now} µs");
            if (_paths.DueCheck(now) is not { } due)
                continue;
            var id = _paths.NextCheck(due, CheckLength, now, renews: true);
            if (!id.IsEmpty && (due != A || ++_checks % (lost + 1) == 0))
                _paths.OnAnswer(due, id, CheckLength, now);
        }
    }

    [Test]
    public void Address_that_has_lost_its_validation_keeps_the_bytes_of_a_check_which_media_cannot_use()
    {
        SelectValidated(A, 0);
        _paths.Tick(IceLite.ConsentTimeout + 1);
        Check(A, nominates: true, 31 * Second);
        while (_paths.TrySpend(50))
        {
        }

        Validate(A, 31 * Second);

        Assert.That(_paths.IsValidated, Is.True);
    }

    [Test]
    public void Local_address_is_that_of_the_last_nominating_check_or_of_the_first_check()
    {
        var (first, used, other) = (new LocalAddress(1), new LocalAddress(2), new LocalAddress(3));
        Check(A, nominates: false, 0);
        _paths.OnArrival(A, first, nominates: false);
        _paths.OnArrival(A, other, nominates: false);
        Assert.That(_paths.Local, Is.EqualTo(first));

        _paths.OnArrival(A, used, nominates: true);
        _paths.OnArrival(A, other, nominates: false);

        Assert.That(_paths.Local, Is.EqualTo(used));
    }

    [Test]
    public void Selected_address_without_an_answer_for_thirty_seconds_is_validated_no_more_whatever_else_arrives()
    {
        SelectValidated(A, 0);
        for (var now = Second; now <= IceLite.ConsentTimeout; now += Second)
        {
            Check(A, nominates: true, now);
            _paths.OnMedia(A, 100, now);
            _paths.Tick(now);
        }

        Assert.That(_paths.IsValidated, Is.True);
        _paths.Tick(IceLite.ConsentTimeout + 1);

        Assert.That(_paths.IsValidated, Is.False);
        Assert.That(_paths.TrySpend(1), Is.False);
    }

    [Test]
    public void Node_asks_for_a_new_proof_after_ten_seconds_and_every_second_before_the_proof_ends()
    {
        SelectValidated(A, 0);
        var asked = new List<long>();
        for (var now = 100_000L; now <= 30 * Second; now += 100_000)
        {
            _paths.OnMedia(A, 100, now);
            if (_paths.DueCheck(now) is null)
                continue;
            asked.Add(now / Second);
            _paths.NextCheck(A, CheckLength, now, renews: true);
        }

        Assert.That(asked, Is.EqualTo(new[] { 10, 15, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30 }));
    }

    [Test]
    public void Forgotten_address_is_not_selected_any_more()
    {
        SelectValidated(A, 0);

        _paths.Forget(A);

        Assert.That(_paths.HasSelected, Is.False);
        Assert.That(_paths.TrySpend(1), Is.False);
    }

    [Test]
    public void Validation_of_an_address_ends_with_its_consent()
    {
        SelectValidated(A, 0);
        Check(B, nominates: true, Second);
        Validate(B, Second);
        Assert.That(_paths.Selected, Is.EqualTo(B));

        Check(B, nominates: true, 40 * Second);
        Check(A, nominates: true, 41 * Second);

        Assert.That(_paths.TrySpend(A, 3 * CheckLength), Is.True);
        Assert.That(_paths.TrySpend(A, 1), Is.False);
    }

    [Test]
    public void Node_checks_an_address_until_it_is_validated_and_not_more_often_than_every_50_ms()
    {
        Check(A, nominates: true, 0);
        Assert.That(_paths.NextCheck(A, CheckLength, 0).Length, Is.EqualTo(12));
        Assert.That(_paths.NextCheck(A, CheckLength, PathSelector.CheckInterval - 1).Length, Is.Zero);
        Assert.That(_paths.NextCheck(A, CheckLength, PathSelector.CheckInterval).Length, Is.EqualTo(12));

        Validate(A, 2 * PathSelector.CheckInterval);

        Assert.That(_paths.NextCheck(A, CheckLength, Second).Length, Is.Zero);
    }

    // The timers of the node; the client answers the checks to the selected address or does not.
    private void Pass(long from, long to, bool answering)
    {
        for (var now = from; now < to; now += 100_000)
        {
            _paths.Tick(now);
            if (_paths.DueCheck(now) is not { } due)
                continue;
            var id = _paths.NextCheck(due, CheckLength, now, renews: true);
            if (answering && !id.IsEmpty)
                _paths.OnAnswer(due, id, CheckLength, now);
        }
    }

    private static TransportAddress Address(byte number) => TransportAddress.FromIPv4([10, 0, 0, number], 50_000);

    private void Check(TransportAddress from, bool nominates, long now)
    {
        _paths.OnReceived(from, CheckLength, now);
        _paths.OnCheck(from, nominates, now);
    }

    private void SelectValidated(TransportAddress address, long now)
    {
        Check(address, nominates: true, now);
        Validate(address, now);
    }

    private void Validate(TransportAddress address, long now)
    {
        var id = _paths.NextCheck(address, CheckLength, now);
        if (!id.IsEmpty)
            Assert.That(_paths.OnAnswer(address, id, CheckLength, now), Is.True);
    }

    private void Speak(TransportAddress address, long from, long to)
    {
        for (var now = from; now < to; now += 20_000)
            _paths.OnMedia(address, 100, now);
    }
}
