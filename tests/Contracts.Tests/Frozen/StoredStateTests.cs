using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Members;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Hype.Contracts.Tests.Frozen;

/// <summary>
/// Tests that the stored form of a channel equals a frozen file, so that a channel that a released version stored remains readable. When
/// the state gains a member, the bytes of the previous form remain in a separate file.
/// </summary>
public sealed class StoredStateTests
{
    private static readonly string StoredFile =
        Path.Combine(Repository.Root, "tests", "Contracts.Tests", "Frozen", "channel-state.base64");
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 20, 0, 0, TimeSpan.Zero);

    private static readonly ChannelState Expected = new()
    {
        Settings = new ChannelSettings { Mode = ModePolicy.Sfu, MaxParticipants = 12 },
        Bans = [new Ban("eve", "noise", Then.AddDays(1)), new Ban("mallory", "", null)],
        Checkpoint = new ChannelCheckpoint
        {
            Incarnation = 1_795_377_600_000,
            EpochLimit = new(66),
            NumberLimit = new MemberNumber(4_098),
            RosterVersion = 9,
            Layout = new Layout(new(2), ChannelMode.Sfu, ModeReason.Policy, Then),
            Pending = new Layout(new(4), ChannelMode.Sfu, ModeReason.NodeLost, Then.AddSeconds(5)),
            Rooms = [new RoomAssignment(new RegionId("eu-west"), new MediaNodeId("node-1"), new(3), new(2))],
            Members =
            [
                new Member
                {
                    Participant = new Participant
                    {
                        Session = new SessionId(new Guid("0f8fad5b-d9cb-469f-a165-70867728950e")),
                        Number = new MemberNumber(2),
                        Identity = "ada",
                        Name = "Ada",
                        Grants = Grants.Join | Grants.Speak | Grants.Listen,
                        Muted = true,
                        ServerMuted = true,
                        Quality = ConnectionQuality.Good,
                        Away = true,
                        SinceEpoch = new(2),
                        JoinedAt = Then,
                    },
                    TokenHash = [1, 2, 3],
                    Region = new RegionId("eu-west"),
                    GatewayId = "gateway-1",
                    AwayUntil = Then.AddSeconds(30),
                    ClientQuality = ConnectionQuality.Poor,
                    NodeQuality = ConnectionQuality.Excellent,
                    TokenIssuedAt = Then.AddMinutes(-1),
                    TokenGrants = Grants.Join | Grants.Speak | Grants.Listen | Grants.Moderate,
                },
            ],
            NewsLimit = 4_105,
            Settings = new ChannelSettings { Mode = ModePolicy.Sfu },
        },
        CreatedAt = Then,
        Restrictions = [new RestrictedIdentity("mallory", new Restriction { ServerMuted = true, Denied = Grants.Speak })],
        Writer = new Guid("7d0e1a52-6a5c-4d0f-8f5f-0f6b8a6f3c11"),
    };

    private ServiceProvider _services = null!;
    private OrleansGrainStorageSerializer _serializer = null!;

    [OneTimeSetUp]
    public void Configure()
    {
        _services = new ServiceCollection().AddSerializer(serializer => serializer.AddAssembly(typeof(ChannelState).Assembly))
            .BuildServiceProvider();
        _serializer = new OrleansGrainStorageSerializer(_services.GetRequiredService<Serializer>());
    }

    [OneTimeTearDown]
    public void Release() => _services.Dispose();

    [Test]
    public void Channel_in_the_frozen_stored_form_is_readable()
    {
        var state = _serializer.Deserialize<ChannelState>(BinaryData.FromBytes(Convert.FromBase64String(File.ReadAllText(StoredFile))))!;
        var checkpoint = state.Checkpoint!;
        var (member, expected) = (checkpoint.Members.Single(), Expected.Checkpoint!.Members.Single());
        Assert.Multiple(() =>
        {
            Assert.That(
                (state.Settings, state.CreatedAt, state.Writer), Is.EqualTo((Expected.Settings, Expected.CreatedAt, Expected.Writer)));
            Assert.That(state.Restrictions, Is.EqualTo(Expected.Restrictions));
            Assert.That(state.Bans, Is.EqualTo(Expected.Bans));
            Assert.That(checkpoint.Rooms, Is.EqualTo(Expected.Checkpoint!.Rooms));
            Assert.That(checkpoint.Unsent, Is.Empty);
            Assert.That(member.TokenHash, Is.EqualTo(expected.TokenHash));
            // Records compare arrays by reference; their content was compared above.
            Assert.That(member with { TokenHash = expected.TokenHash }, Is.EqualTo(expected));
            Assert.That(
                checkpoint with
                {
                    Members = Expected.Checkpoint.Members,
                    Rooms = Expected.Checkpoint.Rooms,
                    Unsent = Expected.Checkpoint.Unsent
                },
                Is.EqualTo(Expected.Checkpoint));
        });
    }

    [Test]
    public void State_of_a_new_channel_has_no_checkpoint_and_no_bans()
    {
        var state = _serializer.Deserialize<ChannelState>(_serializer.Serialize(new ChannelState()));
        Assert.That(state, Has.Property("Checkpoint").Null.And.Property("Bans").EqualTo(ImmutableArray<Ban>.Empty));
    }

    [Test]
    public void Stored_form_of_a_channel_equals_the_frozen_file()
    {
        var today = Convert.ToBase64String(_serializer.Serialize(Expected), Base64FormattingOptions.InsertLineBreaks);
        if (WriteDown.Wanted)
            File.WriteAllText(StoredFile, today);
        Assert.That(File.ReadAllText(StoredFile), Is.EqualTo(today), $"The stored form has changed: {WriteDown.Command}");
    }
}
