using Hype.Grains.Channels.Options;
using Hype.Grains.MediaNodes;
using Hype.Grains.Placement;
using Hype.Grains.Regions;
using Hype.Grains.Sessions;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests.Hosting;

/// <summary>Tests the default values and the validation of the control plane's options.</summary>
public sealed class OptionsTests
{
    [Test]
    public void Defaults_of_all_options_are_valid()
    {
        Assert.That(new ChannelOptionsValidator().Validate(null, new ChannelOptions()).Succeeded);
        Assert.That(new NodeLeaseOptionsValidator().Validate(null, new NodeLeaseOptions()).Succeeded);
        Assert.That(new ParticipantOptionsValidator().Validate(null, new ParticipantOptions()).Succeeded);
        Assert.That(new PlacementOptionsValidator().Validate(null, new PlacementOptions()).Succeeded);
        Assert.That(new RegionOptionsValidator().Validate(null, new RegionOptions()).Succeeded);
        Assert.That(new WebhookOptionsValidator().Validate(null, new WebhookOptions()).Succeeded);
    }

    [Test]
    public void Nearest_regions_with_an_unlisted_or_repeated_region_or_the_region_itself_are_invalid()
    {
        var wrong = new RegionOptions { Nearest = { ["a"] = ["a", "b", "b"], ["c"] = ["a"] }, ForgetAfter = TimeSpan.Zero };
        Assert.That(new RegionOptionsValidator().Validate(null, wrong).Failures!.Count(), Is.EqualTo(4));
        Assert.That(
            new RegionOptionsValidator().Validate(null, new RegionOptions { Nearest = { ["a"] = ["b"], ["b"] = ["a"] } }).Succeeded);
    }
}
