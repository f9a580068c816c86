using System.Collections.Immutable;
using System.Reflection;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Diagnostics;

namespace Hype.Contracts.Tests.Architecture;

/// <summary>
/// Tests that every layout epoch, room epoch, member number and SSRC of the control plane has a type of its own, and not an integer type.
/// Messages that are generated from .proto files and the listed names are the exceptions.
/// </summary>
public sealed class NumberTypeTests
{
    /// <summary>The names that look like one of these numbers but mean something else, each with its meaning.</summary>
    private static readonly string[] Exceptions =
    [
        "ChannelNews.Number: the number of a change in the channel's history",
        "ChannelHistory.LastNumber: the number of a change in the channel's history",
        "ChannelHistory.lastNumber: the number of a change in the channel's history",
        "NewsFeed.LastNumber: the number of a change in the channel's history",
        "NewsDetails.Number: the same number in the control API's JSON",
        "WebhookBody.Number: the same number in the JSON of a webhook",
        "ChannelCheckpoint.EpochReserve: a count",
        "ChannelCheckpoint.NumberReserve: a count",
        "NodeMessages.epoch: the unchecked value of a .proto message, before it becomes a room epoch",
    ];

    private static readonly Assembly[] Assemblies =
        [typeof(IChannelGrain).Assembly, typeof(GrainMetrics).Assembly, typeof(ChannelReplica).Assembly];

    private static readonly Lazy<string[]> Found = new(() => [.. Assemblies.SelectMany(BareNumbers.In)]);

    [Test]
    public void Epochs_member_numbers_and_SSRCs_are_not_declared_as_plain_integers() =>
        Assert.That(Found.Value.Except(Exceptions.Select(NameOf)), Is.Empty, "give the number its type");

    [Test]
    public void Every_listed_exception_to_the_number_type_rule_is_still_needed() =>
        Assert.That(Exceptions.Select(NameOf).Except(Found.Value), Is.Empty, "remove these from the list");

    [TestCase(typeof(SampleField), "SampleField._memberNumber")]
    [TestCase(typeof(SampleProperty), "SampleProperty.Epoch")]
    [TestCase(typeof(SampleResult), "SampleResult.NextEpoch")]
    [TestCase(typeof(SampleParameter), "SampleParameter.peer")]
    [TestCase(typeof(SampleConstructor), "SampleConstructor.ssrcs")]
    [TestCase(typeof(SampleReference), "SampleReference.number")]
    [TestCase(typeof(SampleDelegate), "SampleDelegate.roomEpoch")]
    public void Plain_integer_named_as_an_epoch_member_number_or_SSRC_is_reported(Type sample, string finding) =>
        Assert.That(BareNumbers.In(sample), Is.EqualTo([finding]));

    [Test]
    public void Number_declared_with_a_dedicated_type_is_not_reported() => Assert.That(BareNumbers.In(typeof(SampleTyped)), Is.Empty);

    private static string NameOf(string exception) => exception[..exception.IndexOf(':', StringComparison.Ordinal)];

    private delegate void SampleDelegate(int roomEpoch);

    private sealed class SampleField
    {
        private readonly uint? _memberNumber = 1;

        public override string ToString() => $"{_memberNumber}";
    }

    private sealed class SampleProperty
    {
        public int Epoch { get; init; }
    }

    private static class SampleResult
    {
        public static long NextEpoch() => 1;
    }

    private static class SampleParameter
    {
        public static string Text(uint peer) => $"{peer}";
    }

    private sealed class SampleConstructor(ImmutableArray<uint> ssrcs)
    {
        public override string ToString() => $"{ssrcs.Length}";
    }

    private static class SampleReference
    {
        public static void Read(out ushort number) => number = 1;
    }

    private sealed record SampleTyped(LayoutEpoch Epoch, RoomEpoch? RoomEpoch, MemberNumber Number, ImmutableArray<Ssrc> Ssrcs);
}
