using System.Security.Cryptography;
using System.Text;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that two mesh participants that may use only relayed candidates hear each other through a TURN server, with credentials from the
/// gateway.
/// </summary>
internal sealed class RelayedPair : Scenario
{
    // Records the messages on the page's sockets.
    private const string WatchIceServers =
        """
        window.heard = [];
        window.WebSocket = class extends WebSocket {
          constructor(url, protocol) {
            super(url, protocol);
            this.addEventListener('message', ({ data }) => heard.push(JSON.parse(data)));
          }
        };
        """;

    private static readonly string[][] LongIdentity = [[new string('é', 128), "🎧\""]];

    private TurnServer? _turn;

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Gateway__IceServers__0__Urls__0"] = TurnServer.Url,
        ["Hype__Gateway__IceServers__0__Secret"] = TurnServer.Secret,
        ["Hype__Gateway__IceServers__0__CredentialLifetime"] = "00:00:12", // the gateway renews credentials every 8 s
    };

    [OneTimeSetUp]
    public async Task StartTurn() => _turn = await TurnServer.StartAsync(Network);

    [OneTimeTearDown]
    public async Task StopTurn()
    {
        if (_turn is not null)
            await _turn.DisposeAsync();
    }

    [Test]
    public async Task Participants_hear_each_other_through_the_relay()
    {
        var ada = await JoinAsync("Ada", Tone.Of(0));
        var bob = await JoinAsync("Bob", Tone.Of(1));

        await Hearing.AllPlayAsync("p2p", ada, bob);
        await Hearing.AllHearEachOtherAsync(ada, bob);
        Assert.That(await ada.SelectedPairsAsync(), Is.EqualTo(new[] { "relay-relay" }));
        Assert.That(await bob.SelectedPairsAsync(), Is.EqualTo(new[] { "relay-relay" }));
        foreach (var person in new[] { ada, bob })
            Assert.That(
                _turn!.Log, Does.Match($@"user <\d+:{UserOf(person.Identity)}>.*(ALLOCATE|incoming packet ALLOCATE) processed, success"),
                "the participant used its own credentials");
    }

    // coturn refuses usernames with some of these characters or words, and usernames above 512 bytes.
    [TestCase("Ada Lovelace", "O'Brien")]
    [TestCase(@"a\b", "union-select")]
    [TestCaseSource(nameof(LongIdentity))]
    public async Task Identities_with_any_characters_are_relayed(string first, string second)
    {
        var ada = await JoinAsync("Ada", Tone.Of(0), first);
        var bob = await JoinAsync("Bob", Tone.Of(1), second);
        await Hearing.AllHearEachOtherAsync(ada, bob);
        Assert.That(await ada.SelectedPairsAsync(), Is.EqualTo(new[] { "relay-relay" }));
    }

    [Test]
    public async Task Relayed_pair_hears_each_other_after_a_resume()
    {
        var ada = await JoinAsync("Ada", Tone.Of(0));
        var bob = await JoinAsync("Bob", Tone.Of(1));
        await Hearing.AllHearEachOtherAsync(ada, bob);
        await ada.SimulateAsync("dropSocket");
        await ada.ReceivesAsync("reconnected");
        await Hearing.AllHearEachOtherAsync(ada, bob);
        Assert.That(await ada.SelectedPairsAsync(), Is.EqualTo(new[] { "relay-relay" }));
    }

    [Test]
    public async Task Connection_report_shows_the_relay()
    {
        var ada = await JoinAsync("Ada", Tone.Of(0));
        var bob = await JoinAsync("Bob", Tone.Of(1));
        await Hearing.AllHearEachOtherAsync(ada, bob);

        var answer = await ada.ReportAsync();

        var transport = answer.GetProperty("report").GetProperty("transports").EnumerateArray().Single();
        Assert.That(transport.GetProperty("path").GetString(), Is.EqualTo("relay"));
        Assert.That(transport.GetProperty("local").GetString(), Does.StartWith("relay/udp"));
        Assert.That(answer.GetProperty("text").GetString(), Does.Contain("relay: relay/udp"));
    }

    [Test]
    public async Task New_participant_connects_through_the_relay_after_the_TURN_credentials_were_renewed()
    {
        var page = await OpenVoicePageAsync(page => page.AddInitScriptAsync(WatchIceServers));
        var ada = await page.JoinAsync(new Invitation { Key = "Ada", Channel = Channel, Tone = Tone.Of(0), RelayOnly = true });
        var bob = await JoinAsync("Bob", Tone.Of(1));
        await Hearing.AllHearEachOtherAsync(ada, bob);
        await ada.MarkConnectionsAsync();

        // The second renewal arrives 16 s after the join, 4 s after Ada's first credentials have expired.
        await page.WaitAsync(
            "() => heard.filter(({ type }) => type === 'iceServers').length >= 2", null!, TimeSpan.FromSeconds(30),
            () => ada.DescribeAsync([]));
        var newest = await page.Page.EvaluateAsync<string>(
            "() => heard.filter(({ type }) => type === 'iceServers').at(-1).iceServers[0].username");
        Assert.That(
            await ada.AccessOfConnectionsAsync(), Is.EqualTo(new[] { newest }),
            "the open connection has the renewed credentials for its next ICE restart");
        Assert.That(await ada.HasOnlyMarkedConnectionsAsync(), Is.True, "the renewal did not replace the connection");
        await Hearing.AllHearEachOtherAsync(ada, bob);

        var cleo = await JoinAsync("Cleo", Tone.Of(2));
        await Hearing.AllHearEachOtherAsync(ada, bob, cleo);
        Assert.That(await ada.SelectedPairsAsync(), Is.EqualTo(new[] { "relay-relay", "relay-relay" }));
    }

    private async Task<Participant> JoinAsync(string name, int tone, string? identity = null)
    {
        var page = await OpenVoicePageAsync();
        return await page.JoinAsync(
            new Invitation { Key = name, Channel = Channel, Tone = tone, RelayOnly = true, Identity = identity });
    }

    /// <summary>Returns the user of a TURN username: a hash of the identity (docs/operations.md).</summary>
    private static string UserOf(string identity) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..32];
}
