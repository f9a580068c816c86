using CsCheck;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Tests.Srtp;

public sealed class ReplayWindowTests
{
    [Test]
    public void Replay_window_gives_the_same_results_as_a_set_of_all_used_indices() =>
        Gen.Int[-300, 200].Array[1, 200].Sample(steps =>
        {
            var window = default(ReplayWindow);
            var used = new HashSet<long>();
            var position = 10_000L;
            foreach (var step in steps)
            {
                position += step;
                var highest = used.Count == 0 ? position : used.Max();
                var expected = used.Contains(position) && highest - position < ReplayWindow.Size ? SrtpResult.Replayed
                    : highest - position >= ReplayWindow.Size ? SrtpResult.TooOld
                    : SrtpResult.Ok;
                if (window.Check(new SrtpIndex(position)) != expected)
                    return false;
                if (expected != SrtpResult.Ok)
                    continue;
                window.Use(new SrtpIndex(position));
                used.Add(position);
                if (window.Highest.Value != used.Max())
                    return false;
            }

            return true;
        });

    [TestCase(ReplayWindow.Size - 1)]
    [TestCase(ReplayWindow.Size)]
    [TestCase(ReplayWindow.Size + 1)]
    [TestCase(2 * ReplayWindow.Size)]
    public void Indices_skipped_by_a_jump_of_the_highest_index_can_still_be_used(int step)
    {
        var window = ReplayWindow.UsedUpTo(new SrtpIndex(1000));
        window.Use(new SrtpIndex(1000 + step));

        for (var age = 1; age < ReplayWindow.Size; age++)
        {
            var expected = age >= step ? SrtpResult.Replayed : SrtpResult.Ok;
            Assert.That(window.Check(new SrtpIndex(1000 + step - age)), Is.EqualTo(expected), $"age {age}");
        }
    }

    [Test]
    public void Replay_window_created_with_a_highest_index_admits_only_higher_indices()
    {
        var window = ReplayWindow.UsedUpTo(new SrtpIndex(1000));

        Assert.That(window.Check(new SrtpIndex(1000)), Is.EqualTo(SrtpResult.Replayed));
        Assert.That(window.Check(new SrtpIndex(1000 - ReplayWindow.Size + 1)), Is.EqualTo(SrtpResult.Replayed));
        Assert.That(window.Check(new SrtpIndex(1000 - ReplayWindow.Size)), Is.EqualTo(SrtpResult.TooOld));
        Assert.That(window.Check(new SrtpIndex(1001)), Is.EqualTo(SrtpResult.Ok));
        window.Use(new SrtpIndex(1005));
        Assert.That(window.Check(new SrtpIndex(1004)), Is.EqualTo(SrtpResult.Ok));
        Assert.That(window.Check(new SrtpIndex(1000)), Is.EqualTo(SrtpResult.Replayed));
    }
}
