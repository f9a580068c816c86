using System.Text.Json;
using Hype.EndToEnd.Tests.Interop;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that a member in Firefox hears and is heard again on the same connection after <c>kill -9</c> of its media node. Firefox does
/// not switch to a candidate that arrives late, so the channel offers it an ICE restart (RFC 8445 §9) on another node.
/// </summary>
internal sealed class KillMediaNodeUnderFirefox : Fault
{
    private const string Name = "kill -9 a media node, portable transports, Firefox";

    private static readonly FaultGoal Gap = new(Name, "no packets arrive for", "ms", 500, 1_500, Slack: 1_000);

    private Chromium _chromium = null!;
    private NullAudio _audio = null!;

    [OneTimeSetUp]
    public async Task StartBrowsersAsync()
    {
        await NodePeer.InstallAsync();
        _audio = await NullAudio.StartAsync();
        _chromium = await Chromium.LaunchAsync(network: null);
    }

    [OneTimeTearDown]
    public async Task StopBrowsersAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_audio is not null)
            await _audio.DisposeAsync();
    }

    [Test]
    public Task Member_in_Firefox_hears_and_is_heard_again_on_the_same_peer_connection() => RepeatAsync(async () =>
    {
        var channel = NewChannel();
        await Cluster.BackOffice.SetAsync(channel, "sfu");
        var gateway = Cluster.Gateways.First().Url!;
        using var api = new GatewayApi(new HttpClient { BaseAddress = gateway });
        await using var context = await _chromium.NewContextAsync();
        var bob = await (await VoicePage.OpenAsync(await context.NewPageAsync(), api)).JoinSpeakerAsync("Bob", channel, Tone.Of(2));
        var guest = await api.CreateGuestTokenAsync("Ada", channel);
        await using var ada = NodePeer.Start(
            network: null,
            "firefox-peer.mjs",
            new
            {
                Url = gateway,
                Channel = channel,
                guest.Token,
                Hears = bob.Tone,
                Tones = RepositoryPaths.InProject("Pages", "tones.js")
            },
            _audio.Environment);
        await ada.PrintsAsync("plays");
        await ada.SendAsync("watch");
        await ada.PrintsAsync("watching");

        Cluster.Kill((await Cluster.BackOffice.GetAsync(channel)).Rooms[0].Node);

        await ada.SendAsync("again");
        using var again = JsonDocument.Parse(await ada.PrintsAsync("again"));
        await bob.HearsToneAsync(FirefoxPeer.FirefoxTone);
        Assert.That(again.RootElement.GetProperty("made").GetInt32(), Is.EqualTo(1), "the connection was not replaced");
        Must(Gap, again.RootElement.GetProperty("longest").GetDouble());
    });
}
