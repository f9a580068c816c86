using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that a session survives the loss of its socket or network, that a reloaded page keeps its identity, and that a second tab with
/// the same identity replaces the first.
/// </summary>
internal sealed class Resume : Scenario
{
    // Stores the page's sockets, so that a test can close them.
    private const string KeepSockets =
        """
        window.sockets = [];
        window.WebSocket = class extends WebSocket {
          constructor(...args) {
            super(...args);
            sockets.push(this);
          }
        };
        """;

    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task Session_resumes_after_a_dropped_socket_and_media_continues_on_the_same_connections(string mode)
    {
        await Gateway.Api.SetModeAsync(Channel, mode);
        var (ada, bob, _) = await TwoJoinAsync();
        await ada.MarkConnectionsAsync();
        await bob.MarkConnectionsAsync();

        await ada.SimulateAsync("dropSocket");

        await ResumedAsync(ada, bob);
    }

    [Test]
    public async Task Session_resumes_after_a_network_change_and_media_continues_on_the_same_connections()
    {
        var (ada, bob, page) = await TwoJoinAsync();
        await ada.MarkConnectionsAsync();
        await bob.MarkConnectionsAsync();

        await page.Page.EvaluateAsync(
            """
            () => {
              window.dispatchEvent(new Event('offline'));
              sockets.forEach(socket => socket.close());
              window.dispatchEvent(new Event('online'));
            }
            """);

        await ResumedAsync(ada, bob);
    }

    [Test]
    public async Task Reloaded_page_rejoins_with_the_same_identity()
    {
        var (ada, bob, page) = await TwoJoinAsync();

        await page.LoadAsync();
        await bob.SeesAsync("Ada (away)", "Bob");
        var back = await page.JoinAsync(new Invitation { Key = "Ada", Channel = Channel, Token = ada.Token, Tone = ada.Tone });

        Assert.That(back.Identity, Is.EqualTo(ada.Identity));
        await bob.SeesAsync("Ada", "Bob");
        await Hearing.AllHearEachOtherAsync(back, bob);
    }

    [Test]
    public async Task Second_tab_with_the_same_identity_replaces_the_session_of_the_first_tab()
    {
        var (ada, bob, _) = await TwoJoinAsync();
        var secondTab = await OpenVoicePageAsync();

        var taker = await secondTab.JoinAsync(new Invitation { Key = "Ada", Channel = Channel, Token = ada.Token, Tone = Tone.Of(2) });

        await ada.ReceivesAsync("closed");
        var closed = (await ada.EventsAsync("closed")).Single().GetProperty("detail");
        Assert.That(closed.GetProperty("reason").GetString(), Is.EqualTo("replaced"));
        Assert.That(closed.GetProperty("reconnect").GetBoolean(), Is.False);
        await bob.SeesAsync("Ada", "Bob");
        await bob.HearsExactlyAsync([taker], [ada, bob, taker]);
        await taker.HearsExactlyAsync([bob], [ada, bob, taker]);
    }

    private async Task<(Participant Ada, Participant Bob, VoicePage AdasPage)> TwoJoinAsync()
    {
        var page = await OpenVoicePageAsync(page => page.AddInitScriptAsync(KeepSockets));
        var ada = await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        await Hearing.AllHearEachOtherAsync(ada, bob);
        return (ada, bob, page);
    }

    private static async Task ResumedAsync(Participant ada, Participant bob)
    {
        await ada.ReceivesAsync("reconnected");
        var reconnected = (await ada.EventsAsync("reconnected")).Single().GetProperty("detail");
        Assert.That(reconnected.GetProperty("resumed").GetBoolean(), Is.True);
        Assert.That(reconnected.GetProperty("number").GetInt32(), Is.EqualTo(ada.Number));
        await bob.SeesAsync("Ada", "Bob");
        await Hearing.AllHearEachOtherAsync(ada, bob);
        Assert.That(await ada.HasOnlyMarkedConnectionsAsync(), "the resuming participant's connections were not replaced");
        Assert.That(await bob.HasOnlyMarkedConnectionsAsync(), "the other participant's connections were not replaced");
    }
}
