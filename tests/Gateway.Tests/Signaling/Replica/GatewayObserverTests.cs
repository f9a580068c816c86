using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Participants;
using static Hype.Gateway.Tests.Testing.ChannelSamples;

namespace Hype.Gateway.Tests.Signaling.Replica;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GatewayObserverTests
{
    private static readonly ChannelId Attic = ChannelId.Parse("attic");

    private readonly SessionRegistry _registry = new();
    private readonly GatewayObserver _observer;

    public GatewayObserverTests() => _observer = new GatewayObserver(_registry);

    [Test]
    public async Task Renewal_of_the_lease_names_the_channels_without_sockets()
    {
        _registry.Enter(Lobby);
        Assert.That(await _observer.RenewLease([Lobby, Attic], lost: false), Is.EqualTo(new[] { Attic }));
        Assert.That(_registry.SnapshotRequests.TryPeek(out _), Is.False);
    }

    [Test]
    public async Task Lost_lease_requests_an_attach_to_every_channel()
    {
        var replicas = new[] { _registry.Enter(Lobby), _registry.Enter(Attic) };
        await _observer.RenewLease([], lost: true);
        await _observer.RenewLease([], lost: true);
        foreach (var replica in replicas)
            Assert.That(_registry.SnapshotRequests.TryRead(out var requested) && requested == replica);
        Assert.That(_registry.SnapshotRequests.TryPeek(out _), Is.False, "each channel once");
    }

    [Test]
    public async Task Signals_for_a_session_that_is_not_here_are_not_acknowledged()
    {
        var signal = new PeerSignal(new MemberNumber(1), new LayoutEpoch(1), """{"candidate":null}""");
        Assert.That(await _observer.Signalled(Lobby, SessionId.New(), [signal]), Is.False);
        var replica = _registry.Enter(Lobby);
        Assert.That(await _observer.Signalled(Lobby, SessionId.New(), [signal]), Is.False);
        replica.BeginAdmission();
        Assert.That(await _observer.Signalled(Lobby, SessionId.New(), [signal]), Is.True, "the session may be joining");
    }
}
