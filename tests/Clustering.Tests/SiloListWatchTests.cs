using Microsoft.Extensions.Time.Testing;
using Orleans.Messaging;

namespace Hype.Clustering.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SiloListWatchTests
{
    private static readonly Uri[] Silos = [new("gwy.tcp://10.0.0.1:30000/1"), new("gwy.tcp://10.0.0.2:30000/1")];

    private readonly FakeTimeProvider _time = new();
    private readonly SiloList _list = new();
    private readonly List<DateTimeOffset> _losses = [];

    [Test]
    public async Task Silo_missing_from_the_list_is_lost_once_the_other_silos_have_learned_of_it()
    {
        var watch = NewWatch();
        await watch.GetGateways();
        var found = _time.GetUtcNow();
        _list.Silos = [Silos[1]];
        await watch.GetGateways();

        _time.Advance(SiloListWatch.Delay - TimeSpan.FromMilliseconds(1));
        Assert.That(_losses, Is.Empty);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(_losses, Is.EqualTo(new[] { found + SiloListWatch.Delay }));
        await watch.GetGateways();
        _time.Advance(2 * SiloListWatch.Delay);
        Assert.That(_losses, Has.Count.EqualTo(1), "it is lost once");
    }

    [Test]
    public async Task Restarted_silo_is_another_silo_and_the_former_one_is_lost()
    {
        var watch = NewWatch();
        await watch.GetGateways();
        _list.Silos = [new("gwy.tcp://10.0.0.1:30000/2"), Silos[1]];
        await watch.GetGateways();
        _time.Advance(SiloListWatch.Delay);
        Assert.That(_losses, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task New_silo_is_no_loss()
    {
        _list.Silos = [Silos[0]];
        var watch = NewWatch();
        await watch.GetGateways();
        _list.Silos = Silos;
        Assert.That(await watch.GetGateways(), Is.EqualTo(Silos), "Orleans gets the list as it is");
        _time.Advance(SiloListWatch.Delay);
        Assert.That(_losses, Is.Empty);
    }

    private SiloListWatch NewWatch() => new(_list, _time, () => _losses.Add(_time.GetUtcNow()));

    private sealed class SiloList : IGatewayListProvider
    {
        public IList<Uri> Silos { get; set; } = SiloListWatchTests.Silos;

        public TimeSpan MaxStaleness => TimeSpan.FromMinutes(1);

        [Obsolete("Orleans no longer uses it.")]
        public bool IsUpdatable => true;

        public Task InitializeGatewayListProvider() => Task.CompletedTask;

        public Task<IList<Uri>> GetGateways() => Task.FromResult(Silos);
    }
}
