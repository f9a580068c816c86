using Hype.Grains.Channels.Options;
using Hype.Grains.MediaNodes;
using Hype.Grains.Placement;
using Hype.Grains.Regions;
using Hype.Grains.Sessions;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests;

public sealed class OptionsTests
{
    [Test]
    public void The_defaults_are_valid()
    {
        Assert.That(new ChannelOptionsValidator().Validate(null, new ChannelOptions()).Succeeded);
        Assert.That(new NodeLeaseOptionsValidator().Validate(null, new NodeLeaseOptions()).Succeeded);
        Assert.That(new ParticipantOptionsValidator().Validate(null, new ParticipantOptions()).Succeeded);
        Assert.That(new PlacementOptionsValidator().Validate(null, new PlacementOptions()).Succeeded);
        Assert.That(new RegionOptionsValidator().Validate(null, new RegionOptions()).Succeeded);
        Assert.That(new WebhookOptionsValidator().Validate(null, new WebhookOptions()).Succeeded);
    }

    [Test]
    public void Every_wrong_channel_option_is_named_at_once()
    {
        var wrong = new ChannelOptions
        {
            P2PThreshold = -1,
            ReturnThreshold = 9,
            ReturnDelay = TimeSpan.FromSeconds(-1),
            SwitchTimeout = TimeSpan.Zero,
            CloseGrace = TimeSpan.FromHours(1),
            NodeRetryDelay = TimeSpan.Zero,
            ResumeWindow = TimeSpan.FromDays(1),
            MaxParticipants = 0,
            Slots = 33,
            EndpointAttempts = 0,
            CheckpointInterval = TimeSpan.Zero,
            RosterBatchAbove = -1,
            RosterBatchInterval = TimeSpan.Zero,
            IndexRenewal = TimeSpan.Zero,
        };
        Assert.That(new ChannelOptionsValidator().Validate(null, wrong).Failures!.Count(), Is.EqualTo(14));
    }

    [Test]
    public void Regions_name_only_each_other_and_each_once()
    {
        var wrong = new RegionOptions { Nearest = { ["a"] = ["a", "b", "b"], ["c"] = ["a"] }, ForgetAfter = TimeSpan.Zero };
        Assert.That(new RegionOptionsValidator().Validate(null, wrong).Failures!.Count(), Is.EqualTo(4));
        Assert.That(
            new RegionOptionsValidator().Validate(null, new RegionOptions { Nearest = { ["a"] = ["b"], ["b"] = ["a"] } }).Succeeded);
    }
}
