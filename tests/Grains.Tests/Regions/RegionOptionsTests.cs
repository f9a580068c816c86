using Hype.Grains.Regions;

namespace Hype.Grains.Tests.Regions;

/// <summary>Tests the order in which a region searches the regions for a node.</summary>
public sealed class RegionOptionsTests
{
    private static readonly RegionOptions Options = new()
    {
        Nearest = { ["west"] = ["north", "south"], ["north"] = ["west"], ["south"] = [], ["east"] = [] },
    };

    [Test]
    public void Node_search_starts_in_the_own_region_and_continues_in_the_nearest_regions() =>
        Assert.That(Options.From("west").Take(3), Is.EqualTo(new[] { "west", "north", "south" }));

    [Test]
    public void Regions_missing_from_the_nearest_list_are_searched_last_in_the_order_of_names() =>
        Assert.That(Options.From("north"), Is.EqualTo(new[] { "north", "west", "east", "south" }));

    [Test]
    public void Region_without_a_nearest_list_searches_the_other_regions_in_the_order_of_names() =>
        Assert.That(Options.From("new"), Is.EqualTo(new[] { "new", "east", "north", "south", "west" }));

    [Test]
    public void Node_search_without_configured_regions_covers_only_the_own_region() =>
        Assert.That(new RegionOptions().From("local"), Is.EqualTo(new[] { "local" }));
}
