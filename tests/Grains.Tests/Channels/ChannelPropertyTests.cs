using CsCheck;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Options;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Tests a channel with thousands of random lists of inputs. A failure prints the shortest failing list that CsCheck found, as C# for a
/// regression test.
/// </summary>
public sealed class ChannelPropertyTests
{
    private const long Lives = 5000;

    private static readonly Gen<(ChannelOptions, ChannelInput[])> Any = Gen.Select(
        ChannelInputs.Options, ChannelInputs.Any.Array[20, 120]);

    [Test]
    public void Random_inputs_violate_no_channel_invariant_and_end_in_the_mode_of_the_mode_rule()
    {
        var reached = new LifeTally();
        Any.Sample(
            (options, inputs) => new ChannelLife(options, reached).Live(inputs),
            iter: Lives,
            threads: 1,
            print: life => CSharpText.OfLife(life.Item1, life.Item2));

        TestContext.Out.WriteLine(reached);
        Assert.That(reached.AtMost(20), Is.Empty, "the generator did not reach these cases");
    }
}
