using System.Text;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Tests.Signaling.Messages;

/// <summary>
/// Tests the reader of client messages with randomly damaged text. Each round has a seed: a failure names its round, which can be
/// repeated.
/// </summary>
public sealed class MessageFuzzTests
{
    private const int Rounds = 100_000;
    private const int Seed = 20261122;

    private static readonly byte[][] Samples =
    [
        .. new[]
        {
            """{"type":"join","channel":"lobby","token":"eyJhbGciOiJIUzI1NiJ9.e30.c2ln","muted":false,"deafened":false"""
                + ""","rtt":{"local":2}}""",
            """{"type":"signal","to":1,"epoch":1,"description":{"type":"offer","sdp":"v=0\r\n"}}""",
            """{"type":"signal","to":1,"epoch":1,"candidate":"""
                + """{"candidate":"candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host","sdpMid":"0","sdpMLineIndex":0}}""",
            """{"type":"answer","epoch":2,"sdp":"v=0\r\n"}""",
            """{"type":"failed","epoch":1,"peer":3}""",
            """{"type":"quality","rttMs":23.5,"lossPercent":0.4,"jitterMs":3.1}""",
            """{"type":"simulate","fault":"switchMode"}""",
            """{"type":"ping","id":7}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Test]
    public void Mutated_message_is_either_parsed_or_refused_with_an_error_without_an_exception()
    {
        var random = new Random(Seed);
        var (good, refused) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var protocol = new SignalingProtocol();
            protocol.Ask();
            if (random.Next(2) == 0)
                protocol.Welcome();
            else
                protocol.Refuse();
            var message = Mutation.Of(Samples, random);
            try
            {
                var inbound = protocol.Read(message);
                Assert.That(inbound.Message is null, Is.EqualTo(inbound.Error != VoiceError.None));
                if (inbound.Message is SignalMessage signal)
                    Assert.That(() => System.Text.Json.JsonDocument.Parse(signal.Payload()), Throws.Nothing);
                if (inbound.Message is null)
                    refused++;
                else
                    good++;
            }
            catch (Exception exception) when (exception is not AssertionException)
            {
                Assert.Fail($"Round {round} of seed {Seed} threw {exception}: {Convert.ToBase64String(message)}");
            }
        }

        // Both results occurred: some samples became invalid, and some stayed valid.
        Assert.That(good, Is.GreaterThan(1_000));
        Assert.That(refused, Is.GreaterThan(50_000));
    }
}
