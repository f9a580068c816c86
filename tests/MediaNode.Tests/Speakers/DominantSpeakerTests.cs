using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Tests.Speakers;

public sealed class DominantSpeakerTests
{
    private readonly List<(long Ms, int? Member)> _changes = [];
    private DominantSpeaker _dominant = null!;
    private Conversation _conversation = null!;

    [SetUp]
    public void Begin()
    {
        _changes.Clear();
        _conversation = new Conversation();
        _dominant = new DominantSpeaker();
        for (var member = 1; member <= 3; member++)
            _dominant.Add(member);
    }

    [Test]
    public void First_speaker_becomes_dominant_within_a_third_of_a_second()
    {
        _conversation.Speaks(1, 0, 1000);

        Play(1000);

        Assert.That(_changes, Has.Count.EqualTo(1));
        Assert.That(_changes[0].Member, Is.EqualTo(1));
        Assert.That(_changes[0].Ms, Is.InRange(100, 330));
    }

    [Test]
    public void New_speaker_becomes_dominant_within_six_tenths_of_a_second()
    {
        _conversation.Speaks(1, 0, 3000).Speaks(2, 3000, 6000);

        Play(6000);

        Assert.That(_changes.Select(change => change.Member), Is.EqualTo(new int?[] { 1, 2 }));
        Assert.That(_changes[1].Ms - 3000, Is.InRange(300, 600));
    }

    [Test]
    public void Coughs_of_another_member_do_not_change_the_dominant_speaker()
    {
        _conversation.Speaks(1, 0, 2000);
        for (var ms = 2000; ms < 22_000; ms += 2000)
            _conversation.Speaks(1, ms + 300, ms + 2000).Speaks(2, ms, ms + 300, level: 20).Speaks(2, ms + 1000, ms + 1250, level: 10);

        Play(22_000);

        Assert.That(_changes, Has.Count.EqualTo(1));
    }

    [Test]
    public void Dominant_speaker_does_not_alternate_between_two_equally_loud_members()
    {
        _conversation.Speaks(1, 0, 10_000);
        for (var ms = 1000; ms < 10_000; ms += 800)
            _conversation.Speaks(2, ms, ms + 600);

        Play(10_000);

        Assert.That(_changes, Has.Count.EqualTo(1));
    }

    [Test]
    public void Short_pause_of_the_dominant_speaker_while_another_member_talks_does_not_end_the_dominance()
    {
        _conversation.Speaks(2, 1000, 10_000);
        for (var ms = 0; ms < 10_000; ms += 2000)
            _conversation.Speaks(1, ms, ms + 1800);

        Play(9_700);

        Assert.That(_changes, Has.Count.EqualTo(1));
    }

    [Test]
    public void Dominance_ends_after_three_seconds_of_silence()
    {
        _conversation.Speaks(1, 0, 1000);

        Play(5000);

        Assert.That(_changes.Select(change => change.Member), Is.EqualTo(new int?[] { 1, null }));
        Assert.That(_changes[1].Ms, Is.InRange(3960, 4020));
    }

    [Test]
    public void No_member_is_dominant_after_the_dominant_speaker_leaves_until_another_member_speaks()
    {
        _conversation.Speaks(1, 0, 1000).Speaks(2, 1500, 3000);
        Play(1000);

        Assert.That(_dominant.Remove(2), Is.False);
        _dominant.Add(2);
        Assert.That(_dominant.Remove(1), Is.True);
        Assert.That(_dominant.Current, Is.Null);
        Play(3000);
        Assert.That(_dominant.Current, Is.EqualTo(new MemberNumber(2)));
    }

    private void Play(long untilMs) => _conversation.Play(untilMs, [1, 2, 3], (member, level, now) =>
    {
        if (_dominant.Observe(member, level, true, now) | _dominant.Tick(now))
            _changes.Add((now / 1000, (int?)_dominant.Current?.Value));
    });
}
