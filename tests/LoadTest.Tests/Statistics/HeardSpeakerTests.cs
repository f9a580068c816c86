using Hype.LoadTest.Statistics;

namespace Hype.LoadTest.Tests.Statistics;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HeardSpeakerTests
{
    private const uint Old = 1;
    private const uint New = 2;

    private readonly HeardSpeaker _speaker = new();

    [Test]
    public void Repeated_frame_counts_as_a_duplicate_only_on_the_same_transport()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Receive(5, Old), Is.EqualTo(Reception.New));
            Assert.That(Receive(5, Old), Is.EqualTo(Reception.Duplicate));
            Assert.That(Receive(5, New), Is.EqualTo(Reception.OtherPath));
        });
    }

    [Test]
    public void First_frame_counts_as_new_even_if_its_frame_number_is_0() => Assert.That(Receive(0), Is.EqualTo(Reception.New));

    [Test]
    public void Each_reordered_or_repeated_frame_counts_once_even_if_the_frame_number_wraps()
    {
        const uint from = uint.MaxValue - 500;
        var random = new Random(3);
        // Swapped with a neighbour up to 20 frames away, and every tenth one twice.
        var frames = Enumerable.Range(0, 1_000).OrderBy(i => i + random.Next(20))
            .SelectMany(i => Enumerable.Repeat(unchecked(from + (uint)i), i % 10 == 0 ? 2 : 1));

        var results = frames.Select(frame => Receive(frame)).GroupBy(result => result)
            .ToDictionary(group => group.Key, group => group.Count());

        Assert.Multiple(() =>
        {
            Assert.That(results[Reception.New], Is.EqualTo(1_000));
            Assert.That(results[Reception.Duplicate], Is.EqualTo(100));
            Assert.That(_speaker.InSecond(0), Is.EqualTo(1_000));
        });
    }

    [Test]
    public void Each_missing_frame_adds_20_ms_of_silence()
    {
        Receive(10, out _);
        Receive(14, out var silence);

        Assert.That(silence, Is.EqualTo(3 * 20_000));
    }

    [Test]
    public void Additional_delay_of_a_frame_counts_as_silence()
    {
        _speaker.Receive(1, Old, 0, delay: 1_000, out _);
        _speaker.Receive(2, Old, 0, delay: 31_000, out var silence);
        _speaker.Receive(3, Old, 0, delay: 1_000, out var relief);

        Assert.That((silence, relief), Is.EqualTo((30_000, 0)));
    }

    [Test]
    public void Silence_is_measured_even_if_the_frame_number_wraps()
    {
        Receive(uint.MaxValue - 1, out _);
        Receive(1, out var silence);

        Assert.That(silence, Is.EqualTo(2 * 20_000));
    }

    [Test]
    public void Jitter_converges_to_the_mean_change_of_the_delay()
    {
        for (uint frame = 0; frame < 500; frame++)
            _speaker.Receive(frame, Old, 0, delay: frame % 2 == 0 ? 1_000 : 9_000, out _);

        Assert.That(_speaker.Jitter, Is.EqualTo(8_000).Within(1));
    }

    [Test]
    public void First_change_of_the_delay_raises_the_jitter_by_a_sixteenth_of_the_change()
    {
        _speaker.Receive(1, Old, 0, delay: 0, out _);
        _speaker.Receive(2, Old, 0, delay: 1_600, out _);

        Assert.That(_speaker.Jitter, Is.EqualTo(100));
    }

    private Reception Receive(uint frame, uint peer = Old) => _speaker.Receive(frame, peer, 0, 500, out _);

    private void Receive(uint frame, out long silence) => _speaker.Receive(frame, Old, 0, 500, out silence);
}
