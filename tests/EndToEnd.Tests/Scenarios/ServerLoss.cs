using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that the SDK continues a call when the channel's room moves to a new room, and when the SDK loses its socket to a gateway. One
/// gateway with two host names acts as two gateways.
/// </summary>
internal sealed class ServerLoss : Scenario
{
    /// <summary>The gateway's URL under its other host name: the alternative gateway in this test.</summary>
    private static readonly Uri Alternate = new UriBuilder(GatewayProcess.Url)
    {
        Host = GatewayProcess.Url.Host == "localhost" ? "127.0.0.1" : "localhost",
    }.Uri;

    private const string NoteSockets =
        """
        window.opened = [];
        window.WebSocket = class extends WebSocket {
          constructor(...args) {
            super(...args);
            opened.push(new URL(this.url).hostname);
          }
        };
        """;

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Gateway__Alternates__0"] = Alternate.ToString(),
    };

    [Test]
    public async Task Audio_continues_on_a_new_peer_connection_after_a_move_of_the_SFU_room()
    {
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        var (ada, bob, _) = await TwoJoinAsync();
        await ada.MarkConnectionsAsync();

        await ada.SimulateAsync("moveRoom");

        await ada.ReceivesAsync("mode", count: 3); // joined, switching, switched
        await ada.PlaysAsync("sfu");
        await bob.PlaysAsync("sfu");
        await Hearing.AllHearEachOtherAsync(ada, bob);
        Assert.That(await ada.HasOnlyMarkedConnectionsAsync(), Is.False);
    }

    [Test]
    public async Task Lost_socket_is_replaced_at_once_by_a_socket_to_the_other_gateway()
    {
        var (ada, bob, page) = await TwoJoinAsync();

        await ada.SimulateAsync("dropSocket");

        await ada.ReceivesAsync("reconnected");
        Assert.That((await ada.EventsAsync("reconnecting")).Single().GetProperty("detail").GetProperty("retryInMs").GetDouble(), Is.Zero);
        Assert.That(
            await page.Page.EvaluateAsync<string[]>("() => opened"), Is.EqualTo(new[] { GatewayProcess.Url.Host, Alternate.Host }));
        await Hearing.AllHearEachOtherAsync(ada, bob);
    }

    private async Task<(Participant Ada, Participant Bob, VoicePage AdasPage)> TwoJoinAsync()
    {
        var page = await OpenVoicePageAsync(page => page.AddInitScriptAsync(NoteSockets));
        var ada = await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        await Hearing.AllHearEachOtherAsync(ada, bob);
        return (ada, bob, page);
    }
}
