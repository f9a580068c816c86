using Hype.Grains.Channels.Options;

namespace Hype.Grains.Tests.Channels.Options;

public sealed class ChannelOptionsValidatorTests
{
    private static readonly TestCaseData[] Invalid =
    [
        Case(nameof(ChannelOptions.P2PThreshold), new() { P2PThreshold = 51 }),
        Case(nameof(ChannelOptions.ReturnThreshold), new() { P2PThreshold = 8, ReturnThreshold = 9 }),
        Case(nameof(ChannelOptions.ReturnDelay), new() { ReturnDelay = TimeSpan.FromSeconds(-1) }),
        Case(nameof(ChannelOptions.SwitchTimeout), new() { SwitchTimeout = TimeSpan.Zero }),
        Case(nameof(ChannelOptions.CloseGrace), new() { CloseGrace = TimeSpan.FromHours(1) }),
        Case(nameof(ChannelOptions.NodeRetryDelay), new() { NodeRetryDelay = TimeSpan.Zero }),
        Case(nameof(ChannelOptions.ResumeWindow), new() { ResumeWindow = TimeSpan.FromDays(1) }),
        Case(nameof(ChannelOptions.MaxParticipants), new() { MaxParticipants = 0 }),
        Case(nameof(ChannelOptions.Slots), new() { Slots = 33 }),
        Case(nameof(ChannelOptions.EndpointAttempts), new() { EndpointAttempts = 0 }),
        Case(nameof(ChannelOptions.FollowTimeout), new() { FollowTimeout = TimeSpan.FromMinutes(1) }),
        Case(nameof(ChannelOptions.RestartTimeout), new() { RestartTimeout = TimeSpan.Zero }),
        Case(nameof(ChannelOptions.RoomCapacity), new() { RoomCapacity = 0 }),
        Case(nameof(ChannelOptions.CheckpointInterval), new() { CheckpointInterval = TimeSpan.Zero }),
        Case(nameof(ChannelOptions.RosterBatchAbove), new() { RosterBatchAbove = -1 }),
        Case(nameof(ChannelOptions.RosterBatchInterval), new() { RosterBatchInterval = TimeSpan.Zero }),
        Case(nameof(ChannelOptions.IndexRenewal), new() { IndexRenewal = TimeSpan.Zero }),
    ];

    [TestCaseSource(nameof(Invalid))]
    public void Validation_names_the_option_that_is_out_of_range(object options, string name) =>
        Assert.That(Failures((ChannelOptions)options).Single(), Does.Contain($"{ChannelOptions.Section}:{name}"));

    [Test]
    public void Validation_names_all_invalid_options() =>
        Assert.That(Failures(new() { MaxParticipants = 0, Slots = 33, RoomCapacity = 0 }), Has.Length.EqualTo(3));

    [Test]
    public void Values_at_the_limits_of_the_ranges_are_valid() =>
        Assert.That(Failures(new() { P2PThreshold = 50, ReturnThreshold = 50, MaxParticipants = 10_000, Slots = 1 }), Is.Empty);

    private static string[] Failures(ChannelOptions options) => [.. new ChannelOptionsValidator().Validate(null, options).Failures ?? []];

    private static TestCaseData Case(string name, ChannelOptions options) => new TestCaseData(options, name).SetArgDisplayNames(name);
}
