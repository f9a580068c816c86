using Hype.Grains.Regions;

namespace Hype.Grains.Tests.Regions;

public sealed class RegionOptionsTests
{
    private static readonly RegionOptions Options = new() { Nearest = { ["west"] = ["north", "south"], ["north"] = ["west"], ["south"] = [], ["east"] = [] } };

    [Test]
    public void A_region_looks_at_home_first_and_then_in_the_nearest_ones() =>
        Assert.That(Options.From("west").Take(3), Is.EqualTo(new[] { "west", "north", "south" }));

    [Test]
    public void Regions_that_the_list_leaves_out_come_last_in_the_order_of_their_names() =>
        Assert.That(Options.From("north"), Is.EqualTo(new[] { "north", "west", "east", "south" }));

    [Test]
    public void A_region_that_is_not_listed_still_finds_the_others() =>
        Assert.That(Options.From("new"), Is.EqualTo(new[] { "new", "east", "north", "south", "west" }));

    [Test]
    public void Without_a_list_each_region_stands_alone() => Assert.That(new RegionOptions().From("local"), Is.EqualTo(new[] { "local" }));
}
