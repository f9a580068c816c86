using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Naming;

namespace Hype.Contracts.Tests.Signaling;

/// <summary>
/// Tests that docs/signaling.md describes exactly the messages, close codes and errors of the code: authors of clients depend on the
/// page.
/// </summary>
public sealed class SignalingPageTests
{
    /// <summary>
    /// The options of a strict parser: the gateway ignores unknown fields, but the examples of the page must not have any.
    /// </summary>
    private static readonly JsonSerializerOptions Strict = new(SignalingJsonContext.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static IEnumerable<string> ClientExamples => SignalingPage.Examples(SignalingPage.ClientPart);

    private static IEnumerable<string> ServerExamples => SignalingPage.Examples(SignalingPage.ServerPart);

    [TestCaseSource(nameof(ClientExamples))]
    public void Documented_example_of_a_client_message_is_valid(string json)
    {
        var message = JsonSerializer.Deserialize(json, (JsonTypeInfo<ClientMessage>)Strict.GetTypeInfo(typeof(ClientMessage)));
        Assert.That(message!.IsSound(), Is.True);
    }

    [TestCaseSource(nameof(ServerExamples))]
    public void Documented_example_of_a_server_message_equals_the_output_of_the_gateway(string json)
    {
        var info = (JsonTypeInfo<ServerMessage>)Strict.GetTypeInfo(typeof(ServerMessage));
        var message = JsonSerializer.Deserialize(json, info)!;
        Assert.That(JsonElement.DeepEquals(JsonDocument.Parse(json).RootElement, JsonSerializer.SerializeToElement(message, info)),
            Is.True, () => JsonSerializer.Serialize(message, info));
    }

    [Test]
    public void Signaling_page_has_a_heading_and_an_example_for_every_client_message() =>
        AssertSameTypes(SignalingPage.ClientPart, SignalingJsonContext.Default.ClientMessage);

    [Test]
    public void Signaling_page_has_a_heading_and_an_example_for_every_server_message() =>
        AssertSameTypes(SignalingPage.ServerPart, SignalingJsonContext.Default.ServerMessage);

    [Test]
    public void Close_codes_on_the_signaling_page_match_the_code() => Assert.That(
        SignalingPage.Table("## Close codes").Select(row => (row[0], row[1], row[2])),
        Is.EquivalentTo(Enum.GetValues<SocketCloseReason>().Select(reason =>
        {
            var description = SocketCloseReasons.Describe(reason);
            return ($"{description.Code}", WireEnum<SocketCloseReason>.NameOf(reason), description.Reconnect ? "yes" : "no");
        })));

    [Test]
    public void Errors_on_the_signaling_page_match_the_code() => Assert.That(
        SignalingPage.Table("## Errors").Select(row => (row[0], row[1], row[2])),
        Is.EquivalentTo(Enum.GetValues<VoiceError>().Where(error => error != VoiceError.None).Select(error =>
        {
            var description = VoiceErrors.Describe(error);
            return (description.Name, description.Retryable ? "yes" : "no", description.Sentence);
        })));

    private static void AssertSameTypes(string part, JsonTypeInfo info)
    {
        var types = info.PolymorphismOptions!.DerivedTypes.Select(type => (string)type.TypeDiscriminator!).ToArray();
        Assert.That(SignalingPage.Headings(part), Is.EquivalentTo(types));
        Assert.That(SignalingPage.Examples(part).Select(example => JsonDocument.Parse(example).RootElement.GetProperty("type").GetString())
            .Distinct(), Is.EquivalentTo(types));
    }
}
