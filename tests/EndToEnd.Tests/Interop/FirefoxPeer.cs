using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Interop;

/// <summary>Proves that Firefox ESR and Chromium, both with the SDK, hear each other in one channel, in both modes.</summary>
internal sealed class FirefoxPeer : Scenario
{
    /// <summary>The frequency of the sine that Firefox's fake microphone sends, in Hz.</summary>
    public const int FirefoxTone = 1000;

    private NullAudio _audio = null!;

    [OneTimeSetUp]
    public async Task StartAudio()
    {
        await NodePeer.InstallAsync();
        _audio = await NullAudio.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAudio()
    {
        if (_audio is not null)
            await _audio.DisposeAsync();
    }

    [TestCase("p2p")]
    [TestCase("sfu")]
    public async Task Firefox_and_Chromium_hear_each_other(string mode)
    {
        await Gateway.Api.SetModeAsync(Channel, mode);
        var chromium = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Chromium", Channel, Tone.Of(2));
        var guest = await Gateway.Api.CreateGuestTokenAsync("Firefox", Channel);

        await using var firefox = NodePeer.Start(
            Network,
            "firefox-peer.mjs",
            new
            {
                Url = GatewayProcess.Url,
                Channel,
                guest.Token,
                Hears = chromium.Tone,
                Tones = RepositoryPaths.InProject("Pages", "tones.js"),
            },
            _audio.Environment);

        await firefox.PrintsAsync("joined");
        await firefox.PrintsAsync("hears");
        using var layout = JsonDocument.Parse(await firefox.PrintsAsync("plays"));
        Assert.That(layout.RootElement.GetProperty("mode").GetString(), Is.EqualTo(mode));
        await chromium.HearsToneAsync(FirefoxTone);
        await chromium.PlaysAsync(mode);
    }
}
