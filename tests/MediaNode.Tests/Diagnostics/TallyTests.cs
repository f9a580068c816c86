using System.Diagnostics.Metrics;
using Hype.MediaNode.Diagnostics;

namespace Hype.MediaNode.Tests.Diagnostics;

public sealed class TallyTests
{
    private readonly List<double> _recorded = [];
    private Meter _meter = null!;
    private MeterListener _listener = null!;
    private Histogram<double> _histogram = null!;

    [SetUp]
    public void SetUp()
    {
        _recorded.Clear();
        _meter = new Meter("tally");
        _histogram = _meter.CreateHistogram<double>("figures");
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument == _histogram)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<double>((_, figure, _, _) => _recorded.Add(figure));
        _listener.Start();
    }

    [TearDown]
    public void TearDown()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void Each_counted_value_is_recorded_once_in_the_histogram_as_the_upper_bound_of_its_bucket()
    {
        var tally = new Tally([1, 2, 4]);
        var reader = new TallyReader(tally, _histogram);
        foreach (var figure in new[] { 0.5, 1, 1.5, 100 })
            tally.Add(figure);
        reader.Read();
        Assert.That(_recorded, Is.EqualTo(new[] { 1.0, 1, 2, 8 }));

        reader.Read();
        Assert.That(_recorded, Has.Count.EqualTo(4), "a second read finds no new values");
    }

    [Test]
    public void Values_above_the_limit_are_sampled_and_at_least_one_value_per_used_bucket_is_recorded()
    {
        var tally = new Tally([1, 2]);
        for (var i = 0; i < 99_999; i++)
            tally.Add(1);
        tally.Add(2);
        new TallyReader(tally, _histogram).Read();

        Assert.That(_recorded.Count(figure => figure == 1), Is.EqualTo(TallyReader.MaxPerRead));
        Assert.That(_recorded.Count(figure => figure == 2), Is.EqualTo(1));
    }

    [Test]
    public void Counting_a_value_allocates_nothing()
    {
        var tally = new Tally([1, 2, 4]);
        tally.Add(3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            tally.Add(i % 8);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
