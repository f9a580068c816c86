using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Members;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Hype.Contracts.Tests.Frozen;

/// <summary>
/// Records stored by older versions can still be read. When state gains a member, the expectation here does not: the old bytes are
/// read with the member's default, and bytes of the new form go into a file of their own beside the old ones.
/// </summary>
public sealed class StoredStateTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Contracts.Tests", "Frozen");
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
                    Line = new Participant
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
                },
            ],
        },
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

    [TestCaseSource(nameof(Files))]
    public void A_channel_that_any_version_has_stored_is_read(string file)
    {
        var state = _serializer.Deserialize<ChannelState>(BinaryData.FromBytes(Convert.FromBase64String(File.ReadAllText(file))))!;
        var checkpoint = state.Checkpoint!;
        var (member, expected) = (checkpoint.Members.Single(), Expected.Checkpoint!.Members.Single());
        Assert.Multiple(() =>
        {
            Assert.That(state.Settings, Is.EqualTo(Expected.Settings));
            Assert.That(state.Bans, Is.EqualTo(Expected.Bans));
            Assert.That(checkpoint.Rooms, Is.EqualTo(Expected.Checkpoint!.Rooms));
            Assert.That(checkpoint.Untold, Is.Empty);
            Assert.That(member.TokenHash, Is.EqualTo(expected.TokenHash));
            // Records compare arrays by reference; what they hold was compared above.
            Assert.That(member with { TokenHash = expected.TokenHash }, Is.EqualTo(expected));
            Assert.That(
                checkpoint with { Members = Expected.Checkpoint.Members, Rooms = Expected.Checkpoint.Rooms,
                    Untold = Expected.Checkpoint.Untold },
                Is.EqualTo(Expected.Checkpoint));
        });
    }

    [Test]
    public void A_channel_of_which_nothing_was_stored_is_a_new_one() =>
        Assert.That(_serializer.Deserialize<ChannelState>(_serializer.Serialize(new ChannelState())),
            Has.Property("Checkpoint").Null.And.Property("Bans").EqualTo(ImmutableArray<Ban>.Empty));

    /// <summary>Stores the bytes of this version, for comparison by the next one.</summary>
    [Test]
    public void Current_bytes_are_stored_for_later_versions()
    {
        var today = Convert.ToBase64String(_serializer.Serialize(Expected), Base64FormattingOptions.InsertLineBreaks);
        if (WriteDown.Wanted && !Files().Any(file => File.ReadAllText(file) == today))
            File.WriteAllText(Path.Combine(Folder, $"channel-state-{Files().Length + 1}.base64"), today);
        Assert.That(Files().Select(File.ReadAllText), Has.Some.EqualTo(today),
            $"The stored form has changed, which is allowed as long as the old ones can be read: {WriteDown.Command}");
    }

    private static string[] Files() => Directory.GetFiles(Folder, "channel-state-*.base64");
}
