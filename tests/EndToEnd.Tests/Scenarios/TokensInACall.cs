using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>Proves that a token is renewed during a call, and that a participant whose tokens are revoked is removed.</summary>
internal sealed class TokensInACall : Scenario
{
    /// <summary>The lifetime of the participant's first token; the gateway sends a renewed one after 4 s.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan TokenLimit = TimeSpan.FromSeconds(20);

    // Records the messages on the page's sockets. While `away` is true, new sockets lead to a closed port.
    private const string WatchSockets =
        """
        window.sockets = [];
        window.said = [];
        window.heard = [];
        window.away = false;
        window.WebSocket = class extends WebSocket {
          constructor(url, protocol) {
            super(window.away ? 'ws://127.0.0.1:9/' : url, protocol);
            sockets.push(this);
            this.addEventListener('message', ({ data }) => heard.push(JSON.parse(data)));
          }
          send(text) {
            said.push(JSON.parse(text));
            super.send(text);
          }
        };
        """;

    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Channels__ResumeWindow"] = "00:00:01", // the session expires soon, so the SDK must join again
    };

    [Test]
    public async Task Token_renewal_does_not_interrupt_audio_and_a_later_resume_and_join_use_the_new_token()
    {
        var (ada, bob, page) = await TwoJoinAsync();
        await ada.MarkConnectionsAsync();
        await bob.MarkConnectionsAsync();
        var before = await ada.EventsAsync("mode");

        await page.WaitAsync("() => heard.some(({ type }) => type === 'token')", null!, TokenLimit, () => ada.DescribeAsync([]));
        await Hearing.AllHearEachOtherAsync(ada, bob);
        Assert.That(await ada.HasOnlyMarkedConnectionsAsync() && await bob.HasOnlyMarkedConnectionsAsync(), Is.True);
        Assert.That(await ada.EventsAsync("mode"), Has.Count.EqualTo(before.Count));
        Assert.That((await ada.EventsAsync("error")).Concat(await ada.EventsAsync("reconnecting")), Is.Empty);

        await page.Page.EvaluateAsync("() => { away = true; sockets.forEach(socket => socket.close()); }");
        await bob.SeesAsync("Bob");
        await page.Page.EvaluateAsync("() => { away = false; }");
        await ada.ReceivesAsync("reconnected");
        await Hearing.AllHearEachOtherAsync(ada, bob);
        var messages = await page.Page.EvaluateAsync<JsonElement>(
            """
            () => ({
              shown: said.filter(({ type }) => type === 'join').at(-1).token,
              resumed: said.filter(({ type }) => type === 'resume').at(-1).token,
              first: said.find(({ type }) => type === 'join').token,
              fresh: heard.filter(({ type }) => type === 'token').map(({ token }) => token),
            })
            """);
        var fresh = messages.GetProperty("fresh").EnumerateArray().Select(token => token.GetString()).ToArray();
        Assert.That(fresh, Does.Contain(messages.GetProperty("shown").GetString()));
        Assert.That(fresh, Does.Contain(messages.GetProperty("resumed").GetString()));
        Assert.That(fresh, Does.Not.Contain(messages.GetProperty("first").GetString()));
    }

    [Test]
    public async Task Participant_with_a_revoked_token_is_removed_and_neither_reconnects_nor_rejoins()
    {
        var (ada, bob, page) = await TwoJoinAsync();
        await Gateway.Api.RevokeAsync(ada.Identity);

        await ada.ReceivesAsync("closed");
        var closed = (await ada.EventsAsync("closed")).Single().GetProperty("detail");
        Assert.That(closed.GetProperty("reason").GetString(), Is.EqualTo("revoked"));
        Assert.That(closed.GetProperty("reconnect").GetBoolean(), Is.False);
        await bob.SeesAsync("Bob");
        Assert.That(await page.Page.EvaluateAsync<int>("() => sockets.length"), Is.EqualTo(1));

        var refused = Assert.ThrowsAsync<Microsoft.Playwright.PlaywrightException>(
            () => page.JoinAsync(new Invitation { Key = "Ada again", Channel = Channel, Token = ada.Token }));
        Assert.That(refused!.Message, Does.Contain("revoked"));
    }

    private async Task<(Participant Ada, Participant Bob, VoicePage AdasPage)> TwoJoinAsync()
    {
        var page = await OpenVoicePageAsync(page => page.AddInitScriptAsync(WatchSockets));
        // One identity for each test: a revocation applies to all channels.
        var token = ApplicationToken.Sign($"ada-of-{Channel}", Channel, ShortLife, "join", "speak", "listen");
        var ada = await page.JoinAsync(new Invitation { Key = "Ada", Channel = Channel, Tone = Tone.Of(0), Token = token });
        var bob = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        await Hearing.AllHearEachOtherAsync(ada, bob);
        return (ada, bob, page);
    }
}
