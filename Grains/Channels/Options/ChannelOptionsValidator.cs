using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Channels.Options;

internal sealed class ChannelOptionsValidator : IValidateOptions<ChannelOptions>
{
    public ValidateOptionsResult Validate(string? name, ChannelOptions options) => new OptionChecks(ChannelOptions.Section)
        .Range(nameof(options.P2PThreshold), options.P2PThreshold, 0, 50)
        .Range(nameof(options.ReturnThreshold), options.ReturnThreshold, 0, options.P2PThreshold)
        .Range(nameof(options.ReturnDelay), options.ReturnDelay, TimeSpan.Zero, TimeSpan.FromHours(1))
        .Range(nameof(options.SwitchTimeout), options.SwitchTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60))
        .Range(nameof(options.CloseGrace), options.CloseGrace, TimeSpan.Zero, TimeSpan.FromSeconds(30))
        .Range(nameof(options.NodeRetryDelay), options.NodeRetryDelay, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5))
        .Range(nameof(options.ResumeWindow), options.ResumeWindow, TimeSpan.Zero, TimeSpan.FromMinutes(10))
        .Range(nameof(options.MaxParticipants), options.MaxParticipants, 1, 10_000)
        .Range(nameof(options.Slots), options.Slots, 1, 32)
        .Range(nameof(options.EndpointAttempts), options.EndpointAttempts, 1, 20)
        .Range(nameof(options.FollowTimeout), options.FollowTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30))
        .Range(nameof(options.RestartTimeout), options.RestartTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30))
        .Range(nameof(options.RoomCapacity), options.RoomCapacity, 1, 10_000)
        .Range(nameof(options.CheckpointInterval), options.CheckpointInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10))
        .Range(nameof(options.RosterBatchAbove), options.RosterBatchAbove, 0, 10_000)
        .Range(nameof(options.RosterBatchInterval), options.RosterBatchInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(5))
        .Range(nameof(options.IndexRenewal), options.IndexRenewal, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5))
        .Result();
}
