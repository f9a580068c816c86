using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Hype.Contracts.Tests.Web;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Contracts.Tests.Signaling;

/// <summary>
/// Tests that the SDK's typed messages have the same names, fields, kinds and values as the gateway's records. docs/signaling.md is
/// compared with the same records.
/// </summary>
public sealed partial class TypedMessagesTests
{
    private static readonly TypeScriptFile Messages = new("Gateway/wwwroot/sdk/signaling/messages.d.ts");
    private static readonly TypeScriptFile Types = new("Gateway/wwwroot/sdk/hype-voice.d.ts");

    private static IEnumerable<TestCaseData> Unions() =>
        Cases(SignalingJsonContext.Default.ClientMessage, "ClientMessage")
            .Concat(Cases(SignalingJsonContext.Default.ServerMessage, "ServerMessage"));

    [Test]
    public void Message_unions_of_the_SDK_list_exactly_the_messages_of_the_gateway()
    {
        Assert.That(Names("ClientMessage"), Is.EquivalentTo(Discriminators(SignalingJsonContext.Default.ClientMessage)));
        Assert.That(Names("ServerMessage"), Is.EquivalentTo(Discriminators(SignalingJsonContext.Default.ServerMessage)));
    }

    [TestCaseSource(nameof(Unions))]
    public void Message_type_of_the_SDK_has_the_fields_of_the_gateways_record(string union, string discriminator, Type record)
    {
        var message = Messages.Union(union).Single(name => DiscriminatorOf(name) == discriminator);
        var fields = Messages.Fields(message).Where(field => field.Key != "type").ToDictionary();

        AssertFields(record, fields, fromClient: union == "ClientMessage");
    }

    [TestCase("Layout", typeof(WireLayout))]
    [TestCase("Settings", typeof(WelcomeSettings))]
    [TestCase("Participant", typeof(WireParticipant))]
    public void Exported_type_of_the_SDK_has_the_fields_of_the_gateways_record(string type, Type record) =>
        AssertFields(record, Types.Fields(type), fromClient: false);

    [Test]
    public void String_unions_of_the_SDK_equal_the_enums_of_the_gateway()
    {
        Assert.That(Types.Union("Mode"), Is.EquivalentTo(WireNames.Of<ChannelMode>()));
        Assert.That(Types.Union("LayoutReason"), Is.EquivalentTo(WireNames.Of<ModeReason>()));
        Assert.That(Types.Union("LeaveReason"), Is.EquivalentTo(WireNames.Of<LeaveReason>()));
        Assert.That(Types.Union("QualityGrade"), Is.EquivalentTo(WireNames.Of<ConnectionQuality>()));
        Assert.That(Types.Union("Fault"), Is.EquivalentTo(WireNames.Of<Fault>()));
        Assert.That(Messages.Union("CloseReason"), Is.EquivalentTo(WireNames.Of<SocketCloseReason>()));
    }

    [Test]
    public void Close_codes_after_which_the_SDK_does_not_reconnect_match_the_gateway()
    {
        var set = FinalCloseCodes().Match(Repository.Read("Gateway/wwwroot/sdk/signaling/socket.js")).Groups[1].Value;
        var expected = Enum.GetValues<SocketCloseReason>().Select(SocketCloseReasons.Describe)
            .Where(close => !close.Reconnect && close.Code >= 4000);
        Assert.That(set.Split(',').Select(int.Parse), Is.EquivalentTo(expected.Select(close => close.Code)));
    }

    private static void AssertFields(Type record, IReadOnlyDictionary<string, TypeScriptField> fields, bool fromClient)
    {
        var info = SignalingJsonContext.Default.GetTypeInfo(record)!;
        Assert.That(fields.Keys, Is.EquivalentTo(info.Properties.Select(property => property.Name)));
        Assert.Multiple(() =>
        {
            foreach (var property in info.Properties)
            {
                var field = fields[property.Name];
                Assert.That(
                    JsonShape.Fits(property.PropertyType, field.Type), Is.True,
                    $"{property.Name}: {field.Type} for {property.PropertyType}");
                Assert.That(field.Optional, Is.EqualTo(JsonShape.MayBeAbsent(info, property, fromClient)), $"{property.Name} is optional");
            }
        });
    }

    private static IEnumerable<string> Names(string union) => Messages.Union(union).Select(DiscriminatorOf);

    private static string DiscriminatorOf(string message) => Messages.Fields(message)["type"].Type.Trim('\'');

    private static IEnumerable<string> Discriminators(JsonTypeInfo info) =>
        info.PolymorphismOptions!.DerivedTypes.Select(type => (string)type.TypeDiscriminator!);

    private static IEnumerable<TestCaseData> Cases(JsonTypeInfo info, string union) => info.PolymorphismOptions!.DerivedTypes
        .Select(type => new TestCaseData(union, (string)type.TypeDiscriminator!, type.DerivedType)
            .SetArgDisplayNames(union, (string)type.TypeDiscriminator!));

    [GeneratedRegex(@"FINAL_CLOSE_CODES = new Set\(\[([\d, ]+)\]\)")]
    private static partial Regex FinalCloseCodes();
}
