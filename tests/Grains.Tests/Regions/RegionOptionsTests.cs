using Hype.Grains.Regions;

namespace Hype.Grains.Tests.Regions;

/// <summary>The order in which a region searches the other regions.</summary>
public sealed class RegionOptionsTests
{
    private static readonly RegionOptions Options = new()
    {
        Nearest = { ["west"] = ["north", "south"], ["north"] = ["west"], ["south"] = [], ["east"] = [] },
    };

    [Test]
    public void Region_searches_itself_first_and_then_the_nearest_ones() =>
        Assert.That(Options.From("west").Take(3), Is.EqualTo(new[] { "west", "north", "south" }));

    [Test]
    public void Regions_missing_from_the_list_come_last_in_the_order_of_their_names() =>
        Assert.That(Options.From("north"), Is.EqualTo(new[] { "north", "west", "east", "south" }));

    [Test]
    public void Unlisted_region_still_finds_the_others() =>
        Assert.That(Options.From("new"), Is.EqualTo(new[] { "new", "east", "north", "south", "west" }));

    [Test]
    public void Region_without_a_list_is_alone() => Assert.That(new RegionOptions().From("local"), Is.EqualTo(new[] { "local" }));
}
