using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that a mesh switches to the media node if two of its participants cannot connect to each other.</summary>
internal sealed class PairThatCannotConnect : Scenario
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    [Test]
    public async Task Mesh_with_a_pair_that_cannot_connect_switches_to_sfu()
    {
        // The channel numbers its members in the order of their joins.
        var ada = await JoinAsync("Ada", Tone.Of(0), hiddenFrom: 2);
        var bob = await JoinAsync("Bob", Tone.Of(1), hiddenFrom: 1);
        var cleo = await JoinAsync("Cleo", Tone.Of(2), hiddenFrom: null);
        Assert.That((ada.Number, bob.Number), Is.EqualTo((1, 2)));

        await Hearing.AllPlayAsync("sfu", ada, bob, cleo);
        await Hearing.AllHearEachOtherAsync(ada, bob, cleo);

        var channel = await Gateway.Api.GetChannelAsync(Channel);
        Assert.That(channel["reason"]!.GetValue<string>(), Is.EqualTo("peerConnectionFailed"));
    }

    private async Task<Participant> JoinAsync(string name, int tone, int? hiddenFrom)
    {
        var page = await OpenVoicePageAsync(page => hiddenFrom is { } number ? HideCandidatesAsync(page, number) : Task.CompletedTask);
        return await page.JoinAsync(new Invitation { Key = name, Channel = Channel, Tone = tone, ConnectTimeout = ConnectTimeout });
    }

    /// <summary>
    /// Removes every ICE candidate from the messages that the page sends to one participant, so that the two cannot connect.
    /// </summary>
    private static Task HideCandidatesAsync(IPage page, int number) =>
        page.AddInitScriptAsync(
            $$"""
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (text) {
              const message = JSON.parse(text);
              if (message.type === 'signal' && message.to === {{number}}) {
                if (message.candidate) {
                  return;
                }

                if (message.description) {
                  message.description.sdp = message.description.sdp.replace(/^a=candidate:.*\r\n/gm, '');
                }
              }

              send.call(this, JSON.stringify(message));
            };
            """);
}
