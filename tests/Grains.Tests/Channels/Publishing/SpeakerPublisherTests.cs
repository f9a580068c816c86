using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Members;
using Hype.Grains.Channels.Publishing;
using Hype.Grains.Tests.Channels.Members;

namespace Hype.Grains.Tests.Channels.Publishing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SpeakerPublisherTests
{
    private readonly Roster _roster = new();
    private readonly EffectList _effects = new();
    private readonly SpeakerPublisher _speakers;

    public SpeakerPublisherTests() => _speakers = new SpeakerPublisher(_roster, _effects);

    [Test]
    public void Dominant_speaker_is_published_only_on_a_change()
    {
        var ada = _roster.Add("ada");
        _speakers.Set(ada.Number);
        _speakers.Set(ada.Number);
        Assert.That(_effects.Take(), Is.EqualTo(new[] { new PublishToAll(new SpeakersChanged(ada.Number)) }));
    }

    [Test]
    public void Unknown_member_as_the_dominant_speaker_counts_as_no_speaker()
    {
        _speakers.Set(new(7));
        Assert.That(_effects.Take(), Is.Empty);
        Assert.That(_speakers.Dominant, Is.Null);
    }

    [Test]
    public void Dominant_speaker_is_cleared_after_the_speaker_has_left()
    {
        var ada = _roster.Add("ada");
        _speakers.Set(ada.Number);
        _effects.Take();
        _roster.Remove(ada, LeaveReason.Left);
        _speakers.Reconcile();
        Assert.That(_effects.Take(), Is.EqualTo(new[] { new PublishToAll(new SpeakersChanged(null)) }));
    }
}
