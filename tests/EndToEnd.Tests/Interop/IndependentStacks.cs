using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Interop;

/// <summary>
/// The media node against WebRTC stacks that nobody here wrote, as clients of the documented signaling and without the SDK. Each
/// chooses another SRTP profile: werift AEAD_AES_128_GCM, libdatachannel AEAD_AES_256_GCM, libwebrtc AES_CM_128_HMAC_SHA1_80.
/// </summary>
internal sealed class IndependentStacks : Scenario
{
    private const int Packets = 150; // three seconds

    [OneTimeSetUp]
    public Task InstallPeers() => NodePeer.InstallAsync();

    [TestCase("werift", "werift")]
    [TestCase("node-datachannel", "node-datachannel")]
    [TestCase("werift", "node-datachannel")]
    public async Task Packets_arrive_unchanged_in_order_and_with_their_speakers_number(string firstStack, string secondStack)
    {
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        await using var first = await StartAsync(firstStack);
        await first.SaysAsync("connected");
        await using var second = await StartAsync(secondStack);

        var ofFirst = JsonSerializer.Deserialize<PeerResult>(await first.SaysAsync("result"), JsonSerializerOptions.Web)!;
        var ofSecond = JsonSerializer.Deserialize<PeerResult>(await second.SaysAsync("result"), JsonSerializerOptions.Web)!;

        AssertFaultless(ofFirst, from: ofSecond.Number);
        AssertFaultless(ofSecond, from: ofFirst.Number);
    }

    [Test]
    public async Task Libwebrtc_without_a_browser_and_Chromium_hear_each_other()
    {
        const int PeersTone = 1110;
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        var ada = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Ada", Channel, Tone.Of(2));
        var guest = await Gateway.Api.CreateGuestTokenAsync("wrtc", Channel);

        await using var peer = NodePeer.Start(
            Network, "tone-peer.mjs", new { Url = GatewayProcess.Url, Channel, guest.Token, Sends = PeersTone, Hears = ada.Tone });

        await peer.SaysAsync("connected");
        await peer.SaysAsync("hears");
        await ada.HearsToneAsync(PeersTone);
    }

    private async Task<NodePeer> StartAsync(string stack)
    {
        var guest = await Gateway.Api.CreateGuestTokenAsync(stack, Channel);
        return NodePeer.Start(Network, "packet-peer.mjs", new { Url = GatewayProcess.Url, Stack = stack, Channel, guest.Token, Packets });
    }

    private static void AssertFaultless(PeerResult result, int from)
    {
        Assert.That(result with { Number = 0 }, Is.EqualTo(new PeerResult
        {
            Sender = from,
            Csrc = [from],
            Received = Packets,
        }).Using<PeerResult>(PeerResult.Same));
    }
}

/// <summary>What <c>packet-peer.mjs</c> says about the packets of the other peer.</summary>
internal sealed record PeerResult
{
    /// <summary>Its own number in the channel.</summary>
    public int Number { get; init; }

    /// <summary>The other's number, as written into the packets by the other.</summary>
    public int Sender { get; init; }

    /// <summary>The other's number, as written into the packets by the media node.</summary>
    public int[] Csrc { get; init; } = [];

    public int Received { get; init; }

    public int Missing { get; init; }

    public int Disordered { get; init; }

    /// <summary>Another content than was sent.</summary>
    public int Damaged { get; init; }

    /// <summary>The slot's sequence number or timestamp did not go on as the sender's.</summary>
    public int TimeJumps { get; init; }

    public static bool Same(PeerResult one, PeerResult other) =>
        one.Csrc.SequenceEqual(other.Csrc) && one with { Csrc = other.Csrc } == other;
}
