using System.Text.Json.Serialization.Metadata;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Contracts.Tests.Signaling;

/// <summary>
/// Tests that the names on the wire do not change, because released clients use them. After a change, these clients would lose their
/// connection: add names at the end of a list, and never change or remove one. An incompatible change needs a new subprotocol name beside
/// <c>hype.voice.v1</c>.
/// </summary>
public sealed class WireNamesTests
{
    [Test]
    public void Client_messages_keep_their_wire_names() => AssertNames(
        Types(SignalingJsonContext.Default.ClientMessage),
        "join resume signal answer ready failed state quality moved sync ping leave simulate");

    [Test]
    public void Server_messages_keep_their_wire_names() => AssertNames(
        Types(SignalingJsonContext.Default.ServerMessage),
        "welcome roster rosterDiff mode offer candidate commit signal speakers moderated grants token iceServers error bye pong");

    [Test]
    public void Enum_values_keep_their_wire_names()
    {
        AssertNames(WireNames.Of<ChannelMode>(), "p2p sfu");
        AssertNames(WireNames.Of<ModePolicy>(), "auto p2p sfu");
        AssertNames(WireNames.Of<ModeReason>(),
            "created aboveThreshold belowReturnThreshold policy peerConnectionFailed nodeLost noMediaNode requested nodeDraining");
        AssertNames(WireNames.Of<ConnectionQuality>(), "unknown lost poor good excellent");
        AssertNames(WireNames.Of<LeaveReason>(), "left timedOut replaced kicked banned channelClosed mediaUnavailable revoked moved");
        AssertNames(WireNames.Of<Fault>(), "dropSocket switchMode moveRoom");
    }

    [Test]
    public void Errors_keep_their_wire_names() => AssertNames(
        Enum.GetValues<VoiceError>().Where(error => error != VoiceError.None).Select(error => VoiceErrors.Describe(error).Name),
        "badMessage unknownType messageTooLarge outOfOrder unsupported unauthorized forbidden banned sessionExpired revoked "
        + "invalidCertificate invalidName invalidChannel channelFull "
        + "unknownChannel unknownParticipant invalidSettings invalidAnswer staleEpoch unknownNode channelExists invalidAttributes "
        + "meshNotAllowed unknownBan unknownRestriction tooManyBans unavailable tooManyRequests internal");

    [Test]
    public void Message_fields_keep_their_wire_names()
    {
        AssertFields<JoinMessage>("channel token muted deafened rtt");
        AssertFields<ResumeMessage>("channel resumeToken moves token");
        AssertFields<SignalMessage>("to epoch description candidate");
        AssertFields<AnswerMessage>("epoch sdp");
        AssertFields<ReadyMessage>("epoch");
        AssertFields<FailedMessage>("epoch peer");
        AssertFields<StateMessage>("muted deafened");
        AssertFields<QualityMessage>("rttMs lossPercent jitterMs firstAudioMs switchGapMs");
        AssertFields<SyncMessage>("");
        AssertFields<PingMessage>("id");
        AssertFields<LeaveMessage>("");
        AssertFields<SimulateMessage>("fault");
        AssertFields<WelcomeMessage>(
            "channel number identity name resumeToken resumeWindowMs resumed iceServers gateways limits settings layout pending "
                + "dominant grants seq participants");
        AssertFields<IceServer>("urls username credential");
        AssertFields<WelcomeLimits>("maxMessageBytes pingIntervalMs maxParticipants");
        AssertFields<WelcomeSettings>("mode p2pThreshold slots name metadata");
        AssertFields<WireLayout>("mode epoch reason");
        AssertFields<WireParticipant>("number identity name muted deafened serverMuted away quality sinceEpoch attributes");
        AssertFields<WireLeft>("number reason");
        AssertFields<RosterMessage>("seq participants");
        AssertFields<RosterDiffMessage>("seq joined changed left");
        AssertFields<ModeMessage>("mode epoch reason");
        AssertFields<OfferMessage>("epoch sdp restart region");
        AssertFields<CandidateMessage>("epoch candidate region");
        AssertFields<WireCandidate>("candidate sdpMid sdpMLineIndex usernameFragment");
        AssertFields<CommitMessage>("epoch mode reason");
        AssertFields<SignalledMessage>("from epoch description candidate");
        AssertFields<SpeakersMessage>("dominant");
        AssertFields<ModeratedMessage>("serverMuted");
        AssertFields<TokenMessage>("token expiresInMs");
        AssertFields<IceServersMessage>("iceServers");
        AssertFields<ErrorMessage>("code message retryable inReplyTo retryAfterMs");
        AssertFields<ByeMessage>("reason reconnect message");
        AssertFields<PongMessage>("id");
    }

    private static void AssertFields<T>(string golden) =>
        AssertNames(SignalingJsonContext.Default.GetTypeInfo(typeof(T))!.Properties.Select(property => property.Name), golden);

    private static void AssertNames(IEnumerable<string> names, string golden) =>
        Assert.That(names, Is.EquivalentTo(golden.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private static IEnumerable<string> Types(JsonTypeInfo info) =>
        info.PolymorphismOptions!.DerivedTypes.Select(type => (string)type.TypeDiscriminator!);
}
