using Hype.Grains.Placement;

namespace Hype.Grains.Tests.Placement;

/// <summary>Tests in which silos a grain is placed, by the region of its caller.</summary>
public sealed class RegionPlacementTests
{
    private static readonly (string Name, string? Region)[] Silos = [("a", "eu-west"), ("b", "us-east"), ("c", "eu-west"), ("d", null)];

    [TestCase("eu-west", "a c")]
    [TestCase("us-east", "b")]
    [TestCase("ap-south", "a b c d", Description = "no silo in the region")]
    [TestCase(null, "a b c d", Description = "the caller's region is not known")]
    public void Silos_in_the_region_of_the_caller_are_returned_or_all_silos_if_the_region_has_none(string? region, string expected) =>
        Assert.That(
            string.Join(' ', RegionPlacement.Prefer(Silos, region, silo => silo.Region).Select(silo => silo.Name)), Is.EqualTo(expected));
}
