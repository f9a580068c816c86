using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Gateways;
using Hype.Grains.Tests.Channels;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Gateways;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GatewayLeasesTests
{
    private static readonly GatewayRef First = new("g1", MachineBench.Local, null!);
    private static readonly ChannelId Lobby = ChannelId.Parse("lobby");
    private static readonly ChannelId Attic = ChannelId.Parse("attic");

    private readonly FakeTimeProvider _time = new();
    private readonly GatewayLeaseOptions _options = new();
    private readonly GatewayLeases _leases;

    public GatewayLeasesTests() => _leases = new GatewayLeases(Options.Create(_options), _time);

    [Test]
    public void Gateway_with_sessions_is_asked_every_second_to_renew_its_lease()
    {
        _leases.Add(First, Lobby);
        Assert.That(Due(), Has.Length.EqualTo(1), "a new gateway is asked at once");
        _time.Advance(GatewayLease.Interval / 2);
        Assert.That(Due(), Is.Empty);
        _time.Advance(GatewayLease.Interval / 2);
        Assert.That(Due().Single().Gateway, Is.EqualTo(First));
    }

    [Test]
    public void Silent_gateway_is_lost_for_all_its_channels_after_the_limit()
    {
        _leases.Add(First, Lobby);
        _leases.Add(First, Attic);
        _leases.Add(First with { GatewayId = "g2" }, Lobby);
        for (var waited = TimeSpan.Zero; waited < _options.LostAfter; waited += GatewayLease.Interval)
        {
            Assert.That(_leases.Check().Lost, Is.Empty);
            _time.Advance(GatewayLease.Interval);
            _leases.Renew(Answered("g2"), []);
        }

        Assert.That(
            _leases.Check().Lost.Select(lost => (lost.GatewayId, lost.Channel)), Is.EquivalentTo(new[] { ("g1", Lobby), ("g1", Attic) }));
    }

    [Test]
    public void Loss_is_reported_until_the_channel_has_processed_it()
    {
        Lose();
        var lost = _leases.Check().Lost.Single();
        Assert.That(_leases.Check().Lost, Is.EqualTo(new[] { lost }));
        _leases.Remove(lost);
        Assert.That(_leases.Check().Lost, Is.Empty);
    }

    [Test]
    public void Channel_that_the_gateway_reached_again_after_its_loss_stays_in_the_lease()
    {
        Lose();
        var lost = _leases.Check().Lost.Single();
        _leases.Remove("g1", Lobby);
        _leases.Add(First, Lobby);
        _leases.Remove(lost);
        Assert.That(_leases.Check().Lost, Is.Empty, "the call of the gateway renewed its lease");
        Wait(_options.LostAfter);
        Assert.That(_leases.Check().Lost.Single().Channel, Is.EqualTo(Lobby));
    }

    [Test]
    public void Channel_that_the_gateway_reached_before_the_report_of_its_loss_stays_in_the_lease()
    {
        Lose();
        var lost = _leases.Check().Lost.Single();
        Wait(GatewayLease.Interval);
        _leases.Add(First, Lobby);
        _leases.Remove(lost);
        Assert.That(_leases.Check().Lost, Is.Empty);
        Wait(_options.LostAfter);
        Assert.That(_leases.Check().Lost.Single().Channel, Is.EqualTo(Lobby));
    }

    [Test]
    public void Gateway_that_answers_again_is_asked_once_to_attach_its_sessions()
    {
        Lose();
        _leases.Remove(_leases.Check().Lost.Single());
        Wait(GatewayLease.Interval);
        var request = Due().Single();
        Assert.That(request.Lost, "it is still asked, although no channel has sessions there");
        _leases.Renew(request, []);
        _leases.Add(First, Lobby);
        Wait(GatewayLease.Interval);
        Assert.That(Due().Single().Lost, Is.False);
    }

    [Test]
    public void Answer_to_a_request_from_before_the_loss_does_not_end_the_requests_to_attach()
    {
        _leases.Add(First, Lobby);
        var before = Due().Single();
        Wait(_options.LostAfter);
        _leases.Remove(_leases.Check().Lost.Single());
        Assert.That(_leases.Renew(before, []), Is.Empty);
        Wait(GatewayLease.Interval);
        Assert.That(Due().Single().Lost, Is.True, "the gateway does not know of its loss yet");
    }

    [Test]
    public void Gateway_without_sessions_is_not_asked_any_longer()
    {
        _leases.Add(First, Lobby);
        _leases.Remove("g1", Lobby);
        Assert.That(Due(), Is.Empty);

        Lose();
        _leases.Remove(_leases.Check().Lost.Single());
        Wait(TimeSpan.FromMinutes(2));
        _leases.Check();
        Wait(GatewayLease.Interval);
        Assert.That(Due(), Is.Empty, "a gateway that never returns is forgotten");
    }

    [Test]
    public void Pause_of_the_silo_does_not_count_as_silence_of_its_gateways()
    {
        _leases.Add(First, Lobby);
        _leases.Check();
        _time.Advance(TimeSpan.FromSeconds(12));
        Assert.That(_leases.Check().Lost, Is.Empty);
        Wait(_options.LostAfter);
        Assert.That(_leases.Check().Lost, Is.Not.Empty, "the silence continued while the silo ran");
    }

    [Test]
    public void Channels_are_named_after_some_seconds_and_in_parts()
    {
        var channels = Enumerable.Range(0, GatewayLease.ChannelsPerRequest + 1).Select(index => ChannelId.Parse($"c{index}")).ToArray();
        foreach (var channel in channels)
            _leases.Add(First, channel);
        Assert.That(Due().Single().Channels, Is.Empty, "a member that moves has a seat before its gateway knows it");
        Wait(TimeSpan.FromSeconds(3));
        var named = new List<ChannelId[]>();
        for (var request = 0; request < 3; request++)
        {
            _leases.Renew(Answered("g1"), []);
            Wait(GatewayLease.Interval);
            named.Add(Due().Single().Channels);
        }

        Assert.That(named.Select(part => part.Length), Is.SupersetOf(new[] { 1, GatewayLease.ChannelsPerRequest }));
        Assert.That(named.SelectMany(part => part).Distinct(), Is.EquivalentTo(channels));
    }

    [Test]
    public void Channel_that_the_gateway_does_not_know_is_notified()
    {
        _leases.Add(First, Lobby);
        _leases.Add(First, Attic);
        var unknown = _leases.Renew(Answered("g1"), [Attic, ChannelId.Parse("left")]);
        Assert.That(unknown.Select(lost => lost.Channel), Is.EqualTo(new[] { Attic }));
        Assert.That(_leases.Renew(Answered("g9"), [Attic]), Is.Empty);
    }

    private void Lose()
    {
        _leases.Add(First, Lobby);
        _leases.Check();
        Wait(_options.LostAfter);
    }

    /// <summary>Lets time pass while the silo checks its leases.</summary>
    private void Wait(TimeSpan time)
    {
        for (var waited = TimeSpan.Zero; waited < time; waited += GatewayLease.Interval)
        {
            _time.Advance(GatewayLease.Interval);
            if (waited + GatewayLease.Interval < time)
                _leases.Check();
        }
    }

    private static RenewalRequest Answered(string gateway) => new(First with { GatewayId = gateway }, [], Lost: false);

    private RenewalRequest[] Due() => [.. _leases.Check().Due];
}
