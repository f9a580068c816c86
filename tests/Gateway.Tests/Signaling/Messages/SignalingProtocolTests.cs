using System.Text;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Tests.Signaling.Messages;

public sealed class SignalingProtocolTests
{
    private const string Join = """{"type":"join","channel":"lobby","token":"t"}""";

    [TestCase("""{"type":"join","channel":"lobby","token":"t"}""")]
    [TestCase("""{"type":"resume","channel":"lobby","resumeToken":"t"}""")]
    [TestCase("""{"channel":"lobby","token":"t","type":"join"}""", Description = "type may be at any position")]
    [TestCase("""{"type":"join","channel":"lobby","token":"t","newField":[1,{"type":"x"}]}""", Description = "unknown fields are ignored")]
    [TestCase("""{"type":"ping","id":7}""")]
    [TestCase("""{"type":"ping"}""")]
    public void Join_resume_and_ping_are_accepted_before_a_join(string json) =>
        Assert.That(Read(new(), json).Error, Is.EqualTo(VoiceError.None));

    [TestCase("""{"type":"ready","epoch":1}""")]
    [TestCase("""{"type":"leave"}""")]
    [TestCase("""{"type":"sync"}""")]
    public void Ready_leave_and_sync_are_refused_as_out_of_order_before_a_join(string json) =>
        Assert.That(Read(new(), json).Error, Is.EqualTo(VoiceError.OutOfOrder));

    [TestCase(Join)]
    [TestCase("""{"type":"resume","channel":"lobby","resumeToken":"t"}""")]
    public void Join_or_resume_after_a_join_is_refused_as_out_of_order(string json)
    {
        var protocol = Joined();
        Assert.That(Read(protocol, json).Error, Is.EqualTo(VoiceError.OutOfOrder));
    }

    [Test]
    public void Join_after_a_refused_join_is_accepted()
    {
        var protocol = new SignalingProtocol();
        protocol.Ask();
        protocol.Refuse();
        Assert.That(Read(protocol, Join).Message, Is.InstanceOf<JoinMessage>());
    }

    [Test]
    public void Message_after_leave_is_refused_as_out_of_order()
    {
        var protocol = Joined();
        protocol.End();
        Assert.That(Read(protocol, """{"type":"ping"}""").Error, Is.EqualTo(VoiceError.OutOfOrder));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("\"join\"")]
    [TestCase("{}")]
    [TestCase("""{"type":7}""")]
    [TestCase("""{"type":"join"}""", Description = "a required field is missing")]
    [TestCase("""{"type":"join","channel":null,"token":"t"}""")]
    [TestCase("""{"type":"join","channel":"lobby","token":"t","muted":"yes"}""")]
    [TestCase("""{"type":"join","channel":"lobby","channel":"other","token":"t"}""", Description = "a field given twice")]
    [TestCase("""{"type":"join","channel":"lobby","token":"t","rtt":{"local":-1}}""")]
    [TestCase("""{"type":"ready","epoch":1.5}""")]
    [TestCase("""{"type":"signal","to":-1,"epoch":1,"candidate":null}""")]
    [TestCase("""{"type":"signal","to":1,"epoch":1}""", Description = "neither description nor candidate")]
    [TestCase("""{"type":"signal","to":1,"epoch":1,"description":{},"candidate":null}""", Description = "both")]
    [TestCase("""{"type":"signal","to":1,"epoch":1,"description":null}""")]
    [TestCase("""{"type":"quality","rttMs":1e999}""")]
    [TestCase("""{"type":"quality","lossPercent":101}""")]
    [TestCase("""{"type":"simulate","fault":0}""", Description = "enums are names")]
    [TestCase("""{"type":"\ud800"}""", Description = "half a surrogate pair")]
    [TestCase("""{"type":"ping"} {}""", Description = "one object per message")]
    public void Malformed_message_is_refused_as_a_bad_message(string json) =>
        Assert.That(Read(Joined(), json).Error, Is.EqualTo(VoiceError.BadMessage));

    [Test]
    public void Too_deeply_nested_json_is_refused_as_a_bad_message() =>
        Assert.That(
            Read(new(), $$"""{"type":"ping","x":{{new string('[', 5000)}}{{new string(']', 5000)}}}""").Error,
            Is.EqualTo(VoiceError.BadMessage));

    [Test]
    public void Invalid_utf8_is_refused_as_a_bad_message() =>
        Assert.That(new SignalingProtocol().Read([.. "{\"type\":\"pi"u8, 0xFF, .. "ng\"}"u8]).Error, Is.EqualTo(VoiceError.BadMessage));

    [Test]
    public void Message_of_an_unknown_type_is_refused_and_not_counted_as_a_bad_message()
    {
        var protocol = new SignalingProtocol();
        for (var i = 0; i < 20; i++)
            Assert.That(Read(protocol, """{"type":"shout"}"""), Is.EqualTo(new Inbound(null, null, VoiceError.UnknownType)));
    }

    [Test]
    public void Tenth_bad_message_exceeds_the_limit_of_bad_messages()
    {
        var protocol = new SignalingProtocol();
        for (var i = 1; i <= 9; i++)
            Assert.That(
                i % 2 == 0 ? protocol.ReadBinary() : Read(protocol, "x"),
                Is.EqualTo(new Inbound(null, null, VoiceError.BadMessage, TooMany: false)));
        Assert.That(protocol.ReadBinary().TooMany, Is.True);
    }

    [Test]
    public void Null_candidate_for_the_end_of_candidates_is_relayed_unchanged()
    {
        var message = (SignalMessage)Read(Joined(), """{"type":"signal","to":1,"epoch":1,"candidate":null}""").Message!;
        Assert.That(message.Payload(), Is.EqualTo("""{"candidate":null}"""));
    }

    [Test]
    public void Payload_of_a_signal_between_browsers_is_relayed_unchanged()
    {
        var message =
            (SignalMessage)Read(
                Joined(), """{"type":"signal","to":1,"epoch":1,"description":{"type":"offer",  "sdp":"v=0\r\n","x":1e2}}""").Message!;
        Assert.That(message.Payload(), Is.EqualTo("""{"description":{"type":"offer",  "sdp":"v=0\r\n","x":1e2}}"""));
    }

    private static SignalingProtocol Joined()
    {
        var protocol = new SignalingProtocol();
        protocol.Ask();
        protocol.Welcome();
        return protocol;
    }

    private static Inbound Read(SignalingProtocol protocol, string json) => protocol.Read(Encoding.UTF8.GetBytes(json));
}
