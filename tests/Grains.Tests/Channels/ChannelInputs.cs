using CsCheck;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Options;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Generates the inputs of a <see cref="ChannelLife"/>. A generated input does not depend on the state of the channel, so that CsCheck can
/// remove any of them; <see cref="ChannelLife"/> resolves it:
/// <list type="bullet">
/// <item>an epoch counts from the newest layout: 0 is the newest, -1 the one before;</item>
/// <item>a member number is an index of the roster;</item>
/// <item>a time is relative to <see cref="DateTimeOffset.UnixEpoch"/>, which stands for the time of the step.</item>
/// </list>
/// </summary>
internal static class ChannelInputs
{
    private const int People = 12;

    private static readonly Gen<SessionId> AnySession = Gen.Int[0, People - 1].Select(Session);
    private static readonly Gen<string> AnyGateway = Gen.OneOf<string>("g1", "g2");
    private static readonly Gen<MediaNodeId> AnyNode = Gen.OneOf<MediaNodeId>(Nodes.All);
    private static readonly Gen<int> AnySeed = Gen.Int[0, 1_000_000];
    private static readonly Gen<MemberNumber> AnyMember = Gen.UInt[0, People - 1].Select(index => new MemberNumber(index));
    private static readonly Gen<LayoutEpoch> RecentEpoch = Gen.Frequency<int>((6, Gen.Const(0)), (1, Gen.Int[-2, 2]))
        .Select(offset => new LayoutEpoch(offset));
    private static readonly Gen<LayoutEpoch> LastTwoEpochs = Gen.Int[-1, 0].Select(offset => new LayoutEpoch(offset));

    private static readonly Gen<ChannelSettings> AnySettings = Gen.Select(
        Gen.Frequency<ModePolicy>((2, Gen.Const(ModePolicy.Auto)), (1, Gen.Enum<ModePolicy>())),
        Gen.Frequency<int?>((1, Gen.Const((int?)null)), (1, Gen.Int[1, 8].Select(limit => (int?)limit))),
        (mode, limit) => new ChannelSettings { Mode = mode, MaxParticipants = limit });

    private static readonly Gen<FailEndpoint> AnyFailure = Gen.Select(
        AnySession,
        Gen.Int[1, 5],
        Gen.Enum<EndpointCloseReason>(),
        AnySeed,
        (session, times, reason, seed) => new FailEndpoint(session, times, reason, seed));

    public static Gen<ChannelOptions> Options { get; } = Gen.Select(
        Gen.Int[1, 4],
        Gen.Int[2, 8],
        Gen.OneOf<int>(50, 2),
        Gen.Frequency<bool>((3, Gen.Const(true)), (1, Gen.Const(false))),
        Gen.Frequency<int>((1, Gen.Const(2)), (2, Gen.Const(500))),
        (threshold, limit, batchAbove, portable, capacity) => new ChannelOptions
        {
            P2PThreshold = threshold,
            ReturnThreshold = 1,
            MaxParticipants = limit,
            RosterBatchAbove = batchAbove,
            PortableTransports = portable,
            RoomCapacity = capacity,
        });

    public static Gen<ChannelInput> Any { get; } = Gen.Frequency<ChannelInput>(
        (40, Gen.Select(Gen.Int[0, People - 1], AnyGateway, Gen.Int[0, 2], (person, gateway, far) => Join(person, gateway, far == 0))
            .Cast()),
        (10, AnySession.Select(session => new Leave(session, LeaveReason.Left)).Cast()),
        (10, Gen.Select(AnySession, AnyGateway, (session, gateway) => new Detach(session, gateway)).Cast()),
        (10, Gen.Select(
            AnySession,
            Gen.Int[0, 4],
            (session, wrong) => new Resume(session, wrong == 0 ? Token(People) : Token(session), [7], "g2")).Cast()),
        (3, Gen.Select(AnyGateway, AnySession.Array[0, 4], (gateway, sessions) => new Attach(gateway, [.. sessions.Distinct()])).Cast()),
        (10, AnyGateway.Select(gateway => new GatewayLost(gateway)).Cast()),
        (2, Gen.Select(AnySession, Gen.Bool, Gen.Bool, (session, muted, deafened) => new SetState(session, muted, deafened)).Cast()),
        (2, Gen.Select(AnyMember, Gen.Bool, (number, muted) => new SetServerMute(number, muted)).Cast()),
        (2, Gen.Select(AnyMember, Gen.Bool,
            (number, speak) => new SetGrants(number, Grants.Join | Grants.Listen | (speak ? Grants.Speak : 0))).Cast()),
        (2, Gen.Select(AnySession, Gen.Enum<ConnectionQuality>(), (session, quality) => new SetQuality(session, quality)).Cast()),
        (30, Gen.Select(AnySession, RecentEpoch, (session, epoch) => new Ready(session, epoch)).Cast()),
        (4, Gen.Select(AnySession, LastTwoEpochs, AnyMember, (session, epoch, peer) => new ConnectionFailed(session, epoch, peer)).Cast()),
        (2, Gen.Select(LastTwoEpochs, AnyMember, (epoch, number) => new AnswerRefused(epoch, number)).Cast()),
        (10, AnySettings.Select(settings => new UpdateSettings(settings)).Cast()),
        (10, Gen.Enum<ChannelMode>().Select(mode => new RequestLayout(mode, ModeReason.Requested)).Cast()),
        (10, AnyNode.Select(node => new NodeDraining(node)).Cast()),
        (10, Gen.Select(AnyNode, Gen.Int[0, 7], Gen.Int[0, 59], (node, silent, acked) => new NodeLost(
            node, TimeSpan.FromSeconds(silent), TimeSpan.FromSeconds(acked))).Cast()),
        (1, Gen.Const(new Close()).Cast()),
        (3, Gen.Const(new PublishRoster()).Cast()),
        (3, Gen.Const(new RenewRooms()).Cast()),
        (10, Gen.Int[1, 40_000].Select(milliseconds => new Pass(TimeSpan.FromMilliseconds(milliseconds))).Cast()),
        (10, Gen.Const(new PassToDeadline()).Cast()),
        (10, AnyNode.Select(node => new StartNode(node)).Cast()),
        (10, AnyFailure.Cast()),
        (40, AnySeed.Select(seed => new NodesReport(seed)).Cast()),
        (3, Gen.Const(new Restart()).Cast()),
        (3, Gen.Select(AnyNode, AnySeed, (node, seed) => new RestartInDrain(node, seed)).Cast()),
        (90, Gen.Select(Gen.Int[1, 5], AnySeed, (count, seed) => new NodesAnswer(count, seed)).Cast()));

    /// <summary>
    /// Creates the join of a numbered user; session and token of a user are the same in every join, so that a second join is a repeated
    /// attempt. The last two users have the identities of the first two, and replace their sessions.
    /// </summary>
    public static Join Join(int person, string gateway, bool far = false) => new(new Admission(
        Session(person),
        Token(person),
        $"person-{person % (People - 2)}",
        $"person-{person}",
        Grants.Join | Grants.Speak | Grants.Listen,
        gateway,
        far ? Nodes.Far : MachineBench.Local));

    public static SessionId Session(int person) => new(new Guid(person + 1, 0, 0, new byte[8]));

    public static int PersonOf(SessionId session) => BitConverter.ToInt32(session.Value.ToByteArray()) - 1;

    public static byte[] Token(int person) => [.. Enumerable.Repeat((byte)(person + 1), 32)];

    public static byte[] Token(SessionId session) => Token(PersonOf(session));

    private static Gen<ChannelInput> Cast<T>(this Gen<T> gen)
        where T : ChannelInput => gen.Select(ChannelInput (input) => input);
}

/// <summary>Advances the time by a duration, then sends the channel a <see cref="Tick"/>.</summary>
internal sealed record Pass(TimeSpan Time) : ChannelInput;

/// <summary>Advances the time to the channel's next deadline.</summary>
internal sealed record PassToDeadline : ChannelInput;

/// <summary>The media nodes execute the oldest pending orders, and refuse some of them.</summary>
internal sealed record NodesAnswer(int Count, int Seed) : ChannelInput;

/// <summary>A node refuses the answer of a member's client.</summary>
internal sealed record AnswerRefused(LayoutEpoch Layout, MemberNumber Number) : ChannelInput;

/// <summary>The media nodes report events: clients connect, tickets are issued, links break.</summary>
internal sealed record NodesReport(int Seed) : ChannelInput;

/// <summary>A media node that failed starts again, without its rooms.</summary>
internal sealed record StartNode(MediaNodeId Node) : ChannelInput;

/// <summary>The endpoint of a member in the newest layout fails a number of times in a row.</summary>
internal sealed record FailEndpoint(SessionId Session, int Times, EndpointCloseReason Reason, int Seed) : ChannelInput;

/// <summary>The silo fails: unstored state and pending orders are lost, but the rooms remain at their nodes.</summary>
internal sealed record Restart : ChannelInput;

/// <summary>The silo fails while the members move out of a draining node. The members' gateway and the drain continue.</summary>
internal sealed record RestartInDrain(MediaNodeId Node, int Seed) : ChannelInput;
