using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Proves that the SDK waits when its socket has exceeded the gateway's message limit, and that the gateway then accepts the next message.
/// </summary>
internal sealed class TooManyMessages : Scenario
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Hype__Limits__MessagesPerSession__Burst"] = "60", // enough to join and to connect
        ["Hype__Limits__MessagesPerSession__PerSecond"] = "2",
    };

    [Test]
    public async Task SDK_delays_rate_limited_messages_until_the_gateway_accepts_messages_again()
    {
        var page = await OpenVoicePageAsync();
        var ada = await page.JoinSpeakerAsync("Ada", Channel, Tone.Of(0));
        var bob = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Bob", Channel, Tone.Of(1));
        await Hearing.AllHearEachOtherAsync(ada, bob);

        await page.Page.EvaluateAsync("() => { for (let i = 0; i < 100; i += 1) voice.call('Ada', 'mute', i % 2 === 0); }");
        await ada.ReceivesAsync("error");
        Assert.That(
            (await ada.EventsAsync("error"))[0].GetProperty("detail").GetProperty("code").GetString(), Is.EqualTo("tooManyRequests"));

        // Deafens at once, while the gateway still rejects messages. Deafening also mutes Ada: Bob hears nothing once it has arrived.
        await ada.DeafenAsync(true);
        await bob.HearsExactlyAsync([], [ada, bob]);
        var channel = await Gateway.Api.GetChannelAsync(Channel);
        await Waiting.UntilAsync(
            async () => (channel = await Gateway.Api.GetChannelAsync(Channel))["participants"]!.AsArray()
                .Single(line => line!["name"]!.GetValue<string>() == "Ada")!["deafened"]!.GetValue<bool>(),
            TimeSpan.FromSeconds(15),
            () => $"the message sent above the limit never arrived: {channel}");
        Assert.That(await ada.EventsAsync("reconnecting"), Is.Empty);
    }
}
