using CsCheck;
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

    [SetUp]
    public void Begin() => _paths = new PathSelector();

    [Test]
    public void First_check_selects_its_address_without_validating_it()
    {
        Check(A, nominates: false, 0);

        Assert.That((_paths.Selected, _paths.IsValidated), Is.EqualTo((A, false)));
    }

    [Test]
    public void Unvalidated_address_receives_at_most_three_times_the_bytes_received_from_it()
    {
        Check(A, nominates: true, 0);

        Assert.That(_paths.TrySpend(200) && _paths.TrySpend(A, 100), Is.True);
        Assert.That(_paths.TrySpend(1), Is.False);
        Check(A, nominates: true, Second);
        Assert.That(_paths.TrySpend(300), Is.True);
        Assert.That(_paths.TrySpend(A, 1), Is.False);
    }

    [Test]
    public void Check_that_is_answered_with_an_error_selects_no_address()
    {
        _paths.OnReceived(A, CheckLength, 0);

        Assert.That(_paths.HasSelected, Is.False);
        Assert.That(_paths.TrySpend(A, 3 * CheckLength), Is.True);
        Assert.That(_paths.TrySpend(A, 1), Is.False);
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
    public void Completed_handshake_validates_the_selected_address()
    {
        Check(A, nominates: true, 0);
        _paths.OnHandshake(A, 300, 0);
        _paths.OnHandshakeDone();

        Assert.That(_paths.IsValidated, Is.True);
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
    public void Silent_address_yields_to_an_address_that_is_checked_without_a_nomination()
    {
        SelectValidated(A, 0);
        Check(B, nominates: false, Second);
        Validate(B, Second);
        Assert.That(_paths.Selected, Is.EqualTo(A));

        Check(B, nominates: false, PathSelector.Silence);

        Assert.That(_paths.Selected, Is.EqualTo(B));
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
    public void Two_addresses_that_are_nominated_in_turn_do_not_make_the_path_alternate()
    {
        SelectValidated(A, 0);
        var (moves, last) = (0, A);

        for (var now = Second; now < 61 * Second; now += 50_000)
        {
            var next = now / 50_000 % 2 == 0 ? B : A;
            Check(next, nominates: true, now);
            Validate(next, now);
            moves += _paths.Selected == last ? 0 : 1;
            last = _paths.Selected;
        }

        Assert.That(moves, Is.InRange(1, 60 * Second / PathSelector.Settling));
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
        }
    }

    [Test]
    public void Address_that_was_just_left_is_selected_again_when_the_current_one_falls_silent()
    {
        SelectValidated(A, 0);
        Check(B, nominates: true, Second);
        Validate(B, Second);

        Check(A, nominates: true, Second + 1);
        Assert.That(_paths.Selected, Is.EqualTo(B));
        Check(A, nominates: true, Second + PathSelector.MediaSilence);

        Assert.That(_paths.Selected, Is.EqualTo(A));
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

    [Test]
    public void Any_sequence_of_datagrams_keeps_the_limits()
    {
        // (kind, address, bytes, elapsed time in µs)
        var step = Gen.Select(Gen.Int[0, 6], Gen.Byte[1, 12], Gen.Int[20, 1400], Gen.Long[1, 2 * Second]);
        step.Array[1, 200].Sample(
            steps =>
            {
                var paths = new PathSelector();
                var (received, sent) = (new Dictionary<TransportAddress, long>(), new Dictionary<TransportAddress, long>());
                var validated = new HashSet<TransportAddress>();
                var heard = new HashSet<TransportAddress>();
                var now = 0L;
                foreach (var (kind, number, bytes, elapsed) in steps)
                {
                    now += elapsed;
                    var address = Address(number);
                    var (before, wasValidated) = (paths.Selected, paths.IsValidated);
                    if (kind <= 2)
                        received[address] = received.GetValueOrDefault(address) + bytes;
                    switch (kind)
                    {
                        case 0 or 1:
                            paths.OnReceived(address, bytes, now);
                            paths.OnCheck(address, nominates: kind == 0, now);
                            break;
                        case 2:
                            paths.OnMedia(address, bytes, now);
                            heard.Add(address);
                            break;
                        case 3:
                            if (paths.NextCheck(address, 92, now) is { IsEmpty: false } id)
                            {
                                sent[address] = sent.GetValueOrDefault(address) + 92;
                                if (number % 2 == 0 && paths.OnAnswer(address, id, 76, now))
                                    validated.Add(address);
                            }

                            break;
                        case 4 when paths.TrySpend(address, bytes):
                            sent[address] = sent.GetValueOrDefault(address) + bytes;
                            break;
                        case 5 or 6 when paths.TrySpend(bytes):
                            sent[paths.Selected] = sent.GetValueOrDefault(paths.Selected) + bytes;
                            break;
                    }

                    if (sent.Any(to => !validated.Contains(to.Key) && to.Value > 3 * received.GetValueOrDefault(to.Key)))
                        return false;
                    var moved = paths.Selected != before && wasValidated;
                    if (moved && !validated.Contains(paths.Selected) && !heard.Contains(paths.Selected))
                        return false;
                }

                return true;
            },
            iter: 2_000);
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
