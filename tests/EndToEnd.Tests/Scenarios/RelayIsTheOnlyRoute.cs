using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Hype.Testing.NetworkNamespaces;
using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that two mesh participants hear each other although no route connects their hosts: both reach the gateway and a TURN server. The
/// browsers are not restricted to the relay; of all candidates, only those of the relay work.
/// </summary>
internal sealed class RelayIsTheOnlyRoute : Scenario
{
    private readonly List<NetworkNamespace> _homes = [];
    private readonly List<Chromium> _browsers = [];
    private TurnServer? _turn;

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Gateway__Url"] = "http://*:8080",
        ["Hype__Gateway__IceServers__0__Urls__0"] = TurnServer.Url,
        ["Hype__Gateway__IceServers__0__Secret"] = TurnServer.Secret,
    };

    [OneTimeSetUp]
    public async Task StartTurnAndBuildHomes()
    {
        _turn = await TurnServer.StartAsync(Network);
        for (var number = 1; number <= 2; number++)
        {
            _homes.Add(await Network.CreateSpokeAsync(number));
            _browsers.Add(await Chromium.LaunchAsync(_homes[^1], NetworkNamespace.Address));
        }
    }

    [OneTimeTearDown]
    public async Task StopTurnAndLeaveHomes()
    {
        foreach (var browser in _browsers)
            await browser.DisposeAsync();
        if (_turn is not null)
            await _turn.DisposeAsync();
        foreach (var home in _homes)
            await home.DisposeAsync();
    }

    [Test]
    public async Task Hosts_of_the_participants_cannot_reach_each_other()
    {
        await RouteAsync(_homes[0], NetworkNamespace.Address);
        foreach (var (home, other) in new[] { (_homes[0], 2), (_homes[1], 1) })
            Assert.ThrowsAsync<InvalidOperationException>(() => RouteAsync(home, NetworkNamespace.SpokeAddress(other)));
    }

    [Test]
    public async Task Participants_hear_each_other_through_the_relay()
    {
        var ada = await JoinAsync(_browsers[0], "Ada", Tone.Of(0));
        var bob = await JoinAsync(_browsers[1], "Bob", Tone.Of(1));

        await Hearing.AllPlayAsync("p2p", ada, bob);
        await Hearing.AllHearEachOtherAsync(ada, bob);

        foreach (var person in new[] { ada, bob })
        {
            // One relayed end is enough: one participant's relay reaches the other participant's host.
            Assert.That(await person.SelectedPairsAsync(), Has.Exactly(1).Items.And.All.Contains("relay"));
            var transport = (await person.ReportAsync()).GetProperty("report").GetProperty("transports").EnumerateArray().Single();
            Assert.That(transport.GetProperty("mode").GetString(), Is.EqualTo("p2p"));
            Assert.That(transport.GetProperty("path").GetString(), Is.EqualTo("relay"));
        }

        await Hearing.AllPlayAsync("p2p", ada, bob);
    }

    private async Task<Participant> JoinAsync(Chromium browser, string name, int tone)
    {
        var page = await VoicePage.OpenAsync(await OpenPageInAsync(browser), Gateway.Api);
        return await page.JoinSpeakerAsync(name, Channel, tone);
    }

    private static Task RouteAsync(NetworkNamespace from, string to)
    {
        var (file, arguments) = from.Enter("ip", ["route", "get", to]);
        return ChildProcess.RunAsync(file, arguments, TimeSpan.FromSeconds(5));
    }
}
