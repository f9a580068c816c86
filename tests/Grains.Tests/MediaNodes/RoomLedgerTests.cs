using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.MediaNodes;

namespace Hype.Grains.Tests.MediaNodes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RoomLedgerTests
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);
    private static readonly HeldRoom Lobby = new(ChannelId.Parse("lobby"), new RoomEpoch(3));
    private static readonly HeldRoom Attic = new(ChannelId.Parse("attic"), new RoomEpoch(1));
    private const ulong Earlier = 1_000;
    private const ulong Later = 1_001;
    private readonly RoomLedger _ledger = new(Renewal);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    [Test]
    public void Room_is_listed_as_forgotten_after_three_missed_renewals()
    {
        _ledger.Renew(Lobby, Earlier, At(0));
        Assert.That(_ledger.Forgotten(At(30)), Is.Empty);
        Assert.That(_ledger.Forgotten(At(30.1)), Is.EqualTo(new[] { Lobby }));
    }

    [Test]
    public void Renewed_room_is_not_listed_as_forgotten()
    {
        _ledger.Renew(Lobby, Earlier, At(0));
        _ledger.Renew(Lobby, Earlier, At(25));
        Assert.That(_ledger.Forgotten(At(50)), Is.Empty);
    }

    [Test]
    public void Pause_of_the_silo_does_not_count_as_missed_renewals()
    {
        _ledger.Renew(Lobby, Earlier, At(0));
        _ledger.Excuse(At(60), At(65));
        Assert.That(_ledger.Forgotten(At(90)), Is.Empty);
        Assert.That(_ledger.Forgotten(At(90.1)), Is.EqualTo(new[] { Lobby }));
    }

    [Test]
    public void Room_that_was_renewed_after_a_pause_gets_no_longer_period()
    {
        _ledger.Renew(Lobby, Earlier, At(65));
        _ledger.Excuse(At(60), At(65));
        Assert.That(_ledger.Forgotten(At(95.1)), Is.EqualTo(new[] { Lobby }));
    }

    [Test]
    public void Order_to_close_a_room_is_repeated_at_once_after_a_pause()
    {
        _ledger.Renew(Lobby, Earlier, At(0));
        _ledger.Closing(Lobby, Earlier, At(1));
        _ledger.Excuse(At(60), At(65));
        Assert.That(_ledger.Forgotten(At(65)), Is.EqualTo(new[] { Lobby }));
    }

    [Test]
    public void Room_listed_by_the_node_gets_a_renewal_deadline_only_if_unknown_to_the_ledger()
    {
        _ledger.Renew(Lobby, Earlier, At(0));
        _ledger.Found(Lobby, At(20));
        _ledger.Found(Attic, At(20));
        Assert.That(_ledger.Forgotten(At(31)), Is.EqualTo(new[] { Lobby }));
        Assert.That(_ledger.Forgotten(At(51)), Is.EqualTo(new[] { Lobby, Attic }));
    }

    [Test]
    public void Closing_room_is_listed_as_forgotten_again_until_removed_from_the_ledger()
    {
        _ledger.Renew(Lobby, Earlier, At(0));
        _ledger.Closing(Lobby, Earlier, At(1));
        Assert.That(_ledger.Forgotten(At(6)), Is.Empty);
        Assert.That(_ledger.Forgotten(At(6.1)), Is.EqualTo(new[] { Lobby }));
        _ledger.Remove(Lobby, Earlier);
        Assert.That(_ledger.Forgotten(At(60)), Is.Empty);
    }

    [Test]
    public void Channel_with_several_rooms_is_listed_only_once()
    {
        _ledger.Renew(Lobby, Earlier, At(0));
        _ledger.Renew(Lobby with { Epoch = new(4) }, Earlier, At(0));
        _ledger.Renew(Attic, Earlier, At(0));
        Assert.That(_ledger.Channels, Is.EquivalentTo(new[] { Lobby.Channel, Attic.Channel }));
        _ledger.Clear();
        Assert.That(_ledger.Channels, Is.Empty);
    }

    [Test]
    public void Room_is_in_use_from_its_opening_until_a_channel_closes_it()
    {
        Assert.That(_ledger.IsInUse(Lobby), Is.False);
        _ledger.Found(Lobby, At(0));
        Assert.That(_ledger.IsInUse(Lobby), Is.True);
        _ledger.Closing(Lobby, Earlier, At(1));
        _ledger.Found(Lobby, At(1));
        Assert.That(_ledger.IsInUse(Lobby), Is.False, "the node has not confirmed the end");
        _ledger.Renew(Lobby, Earlier, At(2));
        Assert.That(_ledger.IsInUse(Lobby), Is.True);
        _ledger.Remove(Lobby, Earlier);
        Assert.That(_ledger.IsInUse(Lobby), Is.False);
    }

    [Test]
    public void Earlier_activation_of_the_channel_neither_closes_nor_removes_nor_renews_a_room()
    {
        _ledger.Renew(Lobby, Later, At(0));
        _ledger.Closing(Lobby, Earlier, At(1));
        _ledger.Keep(Lobby, Earlier, At(1));
        _ledger.Remove(Lobby, Earlier);
        _ledger.Renew(Lobby, Earlier, At(20));
        Assert.That((_ledger.IsInUse(Lobby), _ledger.IncarnationOf(Lobby)), Is.EqualTo((true, Later)));
        Assert.That(_ledger.Forgotten(At(30.1)), Is.EqualTo(new[] { Lobby }));
    }

    [Test]
    public void Room_that_the_node_does_not_close_is_in_use_again()
    {
        _ledger.Renew(Lobby, Earlier, At(0));
        _ledger.Closing(Lobby, Earlier, At(1));
        _ledger.Keep(Lobby, Earlier, At(2));
        Assert.That(_ledger.IsInUse(Lobby), Is.True);
        Assert.That(_ledger.Forgotten(At(32)), Is.Empty);
        Assert.That(_ledger.Forgotten(At(32.1)), Is.EqualTo(new[] { Lobby }));
    }
}
