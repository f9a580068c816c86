using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Placement;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Placement;

public sealed class LessLoadedOfTwoTests
{
    private static readonly NodeStatus[] Nodes = [Status("a", 0.5), Status("b", 0.2), Status("c", 0.2), Status("d", 0.1)];

    // The second random number chooses among the three nodes that the first one left.
    [TestCase(0, 0, "b", Description = "a and b")]
    [TestCase(0, 2, "d", Description = "a and d")]
    [TestCase(1, 0, "b", Description = "b and a")]
    [TestCase(3, 0, "d", Description = "d and a")]
    [TestCase(1, 1, "b", Description = "b and c: the first of two equal loads")]
    [TestCase(2, 1, "c", Description = "c and b: the first of two equal loads")]
    public void Less_loaded_of_two_random_nodes_is_chosen(int first, int second, string expected)
    {
        var random = new ScriptedRandom(first, second);
        Assert.That(new LessLoadedOfTwo(random).Choose(Nodes, sticky: null).Registration.Node.Value, Is.EqualTo(expected));
        Assert.That(random.Limits, Is.EqualTo(new[] { 4, 3 }));
    }

    [Test]
    public void Single_candidate_node_is_chosen_with_one_random_number()
    {
        var random = new ScriptedRandom(0);
        Assert.That(new LessLoadedOfTwo(random).Choose([Status("a", 1)], sticky: null).Registration.Node.Value, Is.EqualTo("a"));
        Assert.That(random.Limits, Is.EqualTo(new[] { 1 }));
    }

    private static NodeStatus Status(string id, double load) =>
        new() { Registration = new FakeMediaNode(id).Registration, Load = new() { Load = load }, LastHeartbeat = default };

    /// <summary>Returns the numbers that a test prescribes, and records the upper limit of each draw.</summary>
    private sealed class ScriptedRandom(params int[] numbers) : Random
    {
        public List<int> Limits { get; } = [];

        public override int Next(int maxValue)
        {
            Limits.Add(maxValue);
            return numbers[Limits.Count - 1];
        }
    }
}
