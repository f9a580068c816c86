using Hype.Grains.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Webhooks;

public sealed class WebhookRejectionTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private FakeTimeProvider _time = null!;
    private WebhookRejection _rejection = null!;

    [SetUp]
    public void Create()
    {
        _time = new FakeTimeProvider();
        _rejection = new WebhookRejection(_time);
    }

    [Test]
    public void Time_between_rejections_counts()
    {
        Assert.That(_rejection.Add(), Is.EqualTo(TimeSpan.Zero));
        Assert.That(AddAfter(Minute), Is.EqualTo(Minute));
        Assert.That(AddAfter(2 * Minute), Is.EqualTo(3 * Minute));
    }

    [Test]
    public void Outage_between_rejections_does_not_count()
    {
        _rejection.Add();
        PauseAfter(Minute);
        PauseAfter(10 * Minute);
        Assert.That(AddAfter(10 * Minute), Is.EqualTo(Minute));
        Assert.That(AddAfter(Minute), Is.EqualTo(2 * Minute));
    }

    [Test]
    public void Rejections_between_other_failures_add_up()
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            _rejection.Add();
            PauseAfter(Minute);
        }

        Assert.That(_rejection.Add(), Is.EqualTo(10 * Minute));
    }

    [Test]
    public void Rejection_of_another_event_begins_at_zero()
    {
        _rejection.Add();
        AddAfter(Minute);
        _rejection.Clear();
        Assert.That(AddAfter(Minute), Is.EqualTo(TimeSpan.Zero));
    }

    private TimeSpan AddAfter(TimeSpan pause)
    {
        _time.Advance(pause);
        return _rejection.Add();
    }

    private void PauseAfter(TimeSpan pause)
    {
        _time.Advance(pause);
        _rejection.Pause();
    }
}
