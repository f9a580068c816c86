using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that two members in Chromium hear each other again on the same connections after <c>kill -9</c> of their media node. The gap is
/// measured in the audio output of the browsers.
/// </summary>
internal sealed class KillMediaNodeUnderChromium : Fault
{
    private const string Name = "kill -9 a media node, portable transports, Chromium";

    private static readonly FaultGoal Gap = new(Name, "the voice is missing in the output for", "ms", 500, 1_500, Slack: 1_000);

    // A speaker sends this number in two seconds.
    private const int PacketsToWaitFor = 100;

    private Chromium _chromium = null!;

    [OneTimeSetUp]
    public async Task StartBrowserAsync() => _chromium = await Chromium.LaunchAsync(network: null);

    [OneTimeTearDown]
    public async Task StopBrowserAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
    }

    [Test]
    public Task Members_in_Chromium_hear_each_other_again_on_the_same_peer_connections() => RepeatAsync(async () =>
    {
        var channel = NewChannel();
        await Cluster.BackOffice.SetAsync(channel, "sfu");
        using var api = new GatewayApi(new HttpClient { BaseAddress = Cluster.Gateways.First().Url });
        await using var adas = await _chromium.NewContextAsync();
        await using var bobs = await _chromium.NewContextAsync();
        var ada = await (await VoicePage.OpenAsync(await adas.NewPageAsync(), api))
            .JoinAsync(new Invitation { Key = "Ada", Channel = channel, TimeCode = true });
        var bob = await (await VoicePage.OpenAsync(await bobs.NewPageAsync(), api))
            .JoinAsync(new Invitation { Key = "Bob", Channel = channel, TimeCode = true });
        await HearEachOtherAsync(ada, bob);
        await ada.MarkConnectionsAsync();
        await bob.MarkConnectionsAsync();
        await ada.RecordAsync();
        await bob.RecordAsync();

        // If a browser measures two regions as equally near, the channel has two rooms.
        var node = (await Cluster.BackOffice.GetAsync(channel)).Rooms[0].Node;
        Cluster.Kill(node);

        await HearEachOtherAsync(ada, bob);
        var gap = new[] { await ada.StopRecordingAsync(), await bob.StopRecordingAsync() }.Max(VoiceGap.Of);
        Assert.That(
            await ada.HasOnlyMarkedConnectionsAsync() && await bob.HasOnlyMarkedConnectionsAsync(), "no connection was replaced");
        Must(Gap, gap);
    });

    /// <summary>
    /// Waits until each participant has received two seconds of further packets. Playback would prove nothing, because a browser conceals
    /// losses.
    /// </summary>
    private static async Task HearEachOtherAsync(params Participant[] everyone)
    {
        foreach (var participant in everyone)
        {
            var before = await participant.PacketsReceivedAsync();
            await Waiting.UntilAsync(
                async () => await participant.PacketsReceivedAsync() > before + PacketsToWaitFor,
                TimeSpan.FromSeconds(20),
                () => $"{participant.Name} receives nothing");
        }
    }
}
