using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.Interop;

/// <summary>
/// Proves that the media node works with independent WebRTC stacks, which implement the documented signaling without the SDK. Each stack
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
    public async Task RTP_packets_arrive_unchanged_and_in_order_with_the_member_number_of_the_speaker(
        string firstStack, string secondStack)
    {
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        await using var first = await StartAsync(firstStack);
        await first.PrintsAsync("connected");
        await using var second = await StartAsync(secondStack);

        var ofFirst = JsonSerializer.Deserialize<PeerResult>(await first.PrintsAsync("result"), JsonSerializerOptions.Web)!;
        var ofSecond = JsonSerializer.Deserialize<PeerResult>(await second.PrintsAsync("result"), JsonSerializerOptions.Web)!;

        AssertFaultless(ofFirst, from: ofSecond.Number);
        AssertFaultless(ofSecond, from: ofFirst.Number);
    }

    [Test]
    public async Task Libwebrtc_client_without_a_browser_and_Chromium_hear_each_other()
    {
        const int PeersTone = 1110;
        await Gateway.Api.SetModeAsync(Channel, "sfu");
        var ada = await (await OpenVoicePageAsync()).JoinSpeakerAsync("Ada", Channel, Tone.Of(2));
        var guest = await Gateway.Api.CreateGuestTokenAsync("wrtc", Channel);

        await using var peer = NodePeer.Start(
            Network, "tone-peer.mjs", new { Url = GatewayProcess.Url, Channel, guest.Token, Sends = PeersTone, Hears = ada.Tone });

        await peer.PrintsAsync("connected");
        await peer.PrintsAsync("hears");
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

/// <summary>The report of one peer (<c>packet-peer.mjs</c>) about the packets that it received from the other peer.</summary>
internal sealed record PeerResult
{
    /// <summary>The member number of the reporting peer.</summary>
    public int Number { get; init; }

    /// <summary>The sender's member number, as the sender wrote it into its packets.</summary>
    public int Sender { get; init; }

    /// <summary>The sender's member number, as the media node wrote it into the packets' CSRC lists.</summary>
    public int[] Csrc { get; init; } = [];

    public int Received { get; init; }

    public int Missing { get; init; }

    public int Disordered { get; init; }

    /// <summary>The number of packets whose payload differs from the sent one.</summary>
    public int Damaged { get; init; }

    /// <summary>The number of packets whose sequence number or timestamp did not advance as the sender's did.</summary>
    public int TimeJumps { get; init; }

    public static bool Same(PeerResult one, PeerResult other) =>
        one.Csrc.SequenceEqual(other.Csrc) && one with { Csrc = other.Csrc } == other;
}
