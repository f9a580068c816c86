using CsCheck;
using Hype.MediaNode.Speakers;
using Hype.MediaNode.Tests.Net;

namespace Hype.MediaNode.Tests.Speakers;

public sealed class LoudestSpeakersTests
{
    private readonly List<(long Ms, SlotChange Change)> _changes = [];
    private Conversation _conversation = null!;

    [SetUp]
    public void Begin()
    {
        _changes.Clear();
        _conversation = new Conversation();
    }

    [Test]
    public void Free_slot_goes_to_a_speaking_member_at_its_first_word()
    {
        var speakers = Room(slots: 2, members: 3);
        _conversation.Speaks(2, 100, 2000).Speaks(0, 300, 2000);

        Play(speakers, 1000);

        Assert.That(_changes, Is.EqualTo(new[] { (100L, new SlotChange(0, 2, null)), (300L, new SlotChange(1, 0, null)) }));
        Assert.That(speakers.SlotOf(2), Is.EqualTo(0));
        Assert.That(speakers.SlotOf(0), Is.EqualTo(1));
        Assert.That(speakers.SlotOf(1), Is.Null);
        Assert.That(HoldersOf(speakers)[1], Is.EqualTo(0));
    }

    [Test]
    public void Silence_and_noise_below_the_speech_level_get_no_slot()
    {
        var speakers = Room(slots: 2, members: 3);
        _conversation.Speaks(1, 0, 1000, level: 70);

        Play(speakers, 1000);

        Assert.That(_changes, Is.Empty);
    }

    [Test]
    public void Slot_holder_retains_its_slot_during_pauses_and_against_equally_loud_members()
    {
        var speakers = Room(slots: 1, members: 2);
        for (var ms = 0; ms < 20_000; ms += 1000)
            _conversation.Speaks(0, ms, ms + 500);
        _conversation.Speaks(1, 100, 20_000, level: Conversation.Voice - 3);

        Play(speakers, 20_000);

        Assert.That(_changes, Has.Count.EqualTo(1));
        Assert.That(HoldersOf(speakers)[0], Is.Zero);
    }

    [Test]
    public void Member_louder_than_a_slot_holder_by_the_margin_takes_the_slot_after_the_challenge_time()
    {
        var speakers = Room(slots: 1, members: 2);
        _conversation.Speaks(0, 0, 5000).Speaks(1, 1000, 5000, level: Conversation.Voice - 12);

        Play(speakers, 5000);

        Assert.That(_changes, Has.Count.EqualTo(2));
        var (at, change) = _changes[1];
        Assert.That(change, Is.EqualTo(new SlotChange(0, 1, 0)));
        Assert.That(at, Is.InRange(1000 + (LoudestSpeakers.ChallengeTime / 1000), 1500));
    }

    [Test]
    public void Coughing_member_takes_no_slot_from_a_speaking_slot_holder()
    {
        var speakers = Room(slots: 1, members: 2);
        // A voice: a member with a constant level would yield to a cough.
        for (var ms = 0; ms < 20_000; ms += 200)
            _conversation.Speaks(0, ms, ms + 100).Speaks(0, ms + 100, ms + 200, level: Conversation.Voice + 8);
        for (var ms = 1000; ms < 20_000; ms += 1000)
            _conversation.Speaks(1, ms, ms + 300, level: 5);

        Play(speakers, 20_000);

        Assert.That(_changes, Has.Count.EqualTo(1));
    }

    [Test]
    public void Longest_silent_slot_holder_is_the_first_to_lose_its_slot_after_the_hold_time()
    {
        var speakers = Room(slots: 2, members: 3);
        _conversation.Speaks(0, 0, 1000).Speaks(1, 0, 500).Speaks(2, 2500, 4000);

        Play(speakers, 2600);

        Assert.That(_changes[^1], Is.EqualTo((2500L, new SlotChange(1, 2, 1))));
    }

    [Test]
    public void Silent_slot_holder_retains_its_slot_until_the_release_time_if_no_other_member_speaks()
    {
        var speakers = Room(slots: 2, members: 2);
        _conversation.Speaks(0, 0, 100).Speaks(1, 0, 3000);
        Play(speakers, 4000);
        Assert.That(speakers.Tick(_conversation.Now), Is.False);

        Play(speakers, 6000);
        Assert.That(ChangeOf(speakers, () => speakers.Tick(_conversation.Now)), Is.EqualTo(new SlotChange(0, null, 0)));
        Assert.That(speakers.Tick(_conversation.Now), Is.False);
        Assert.That(speakers.SlotOf(0), Is.Null);
        Assert.That(speakers.SlotOf(1), Is.EqualTo(1));
    }

    [Test]
    public void Slot_holder_that_sends_no_packets_loses_its_slot_to_a_speaker_after_the_hold_time()
    {
        var speakers = Room(slots: 1, members: 2);
        speakers.Observe(0, Conversation.Voice, true, 0);

        var change = ChangeOf(speakers, () => speakers.Observe(1, Conversation.Voice, true, LoudestSpeakers.Hold));

        Assert.That(change, Is.EqualTo(new SlotChange(0, 1, 0)));
    }

    [Test]
    public void Removal_of_a_slot_holder_frees_the_slot_for_the_next_speaker()
    {
        var speakers = Room(slots: 1, members: 3);
        speakers.Observe(0, Conversation.Voice, true, 0);

        Assert.That(speakers.Remove(1), Is.False);
        Assert.That(ChangeOf(speakers, () => speakers.Remove(0)), Is.EqualTo(new SlotChange(0, null, 0)));
        Assert.That(speakers.Observe(0, Conversation.Voice, true, 20_000), Is.False, "unknown now");
        Assert.That(
            ChangeOf(speakers, () => speakers.Observe(2, Conversation.Voice, true, 20_000)), Is.EqualTo(new SlotChange(0, 2, null)));
        Assert.That(speakers.Members, Is.EqualTo(1));
    }

    [Test]
    public void Duplicate_member_and_invalid_number_of_slots_throw()
    {
        Assert.That(() => Room(slots: 1, members: 2).Add(1), Throws.ArgumentException);
        Assert.That(() => new LoudestSpeakers(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new LoudestSpeakers(34), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Slots_and_their_holders_are_consistent_after_any_sequence_of_events() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 20], Gen.Byte[0, 127], Gen.Int[0, 900]).Array[0, 400].Sample(
            steps =>
            {
                var speakers = new LoudestSpeakers(3);
                var members = new HashSet<int>();
                var now = 0L;
                foreach (var (member, action, level, ms) in steps)
                {
                    now += ms * 1000;
                    var before = HoldersOf(speakers);
                    var changed = action switch
                    {
                        0 => members.Remove(member) && speakers.Remove(member),
                        1 or 2 => Join(member),
                        3 => speakers.Tick(now),
                        _ => speakers.Observe(member, level, true, now),
                    };
                    var held = HoldersOf(speakers);
                    var changes = Enumerable.Range(0, held.Length).Count(slot => held[slot] != before[slot]);
                    if (changes != (changed ? 1 : 0))
                        return false;
                    for (var slot = 0; slot < held.Length; slot++)
                    {
                        if (held[slot] is { } holder && (speakers.SlotOf(holder) != slot || !members.Contains(holder)))
                            return false;
                    }

                    if (members.Any(m => speakers.SlotOf(m) is { } s && held[s] != m) || speakers.Members != members.Count)
                        return false;
                }

                return true;

                bool Join(int member)
                {
                    if (members.Add(member))
                        speakers.Add(member);
                    return false;
                }
            },
            iter: 1000);

    [Test]
    public void Observing_the_audio_levels_of_a_thousand_members_allocates_nothing()
    {
        var speakers = Room(slots: 6, members: 1000);
        var dominant = new DominantSpeaker();
        for (var member = 0; member < 1000; member++)
            dominant.Add(member);
        var random = new Random(1);
        var now = 0L;

        var allocated = Allocations.Of(
            () =>
            {
                now += 20;
                var member = random.Next(1000);
                var level = (byte)random.Next(128);
                speakers.Observe(member, level, true, now);
                dominant.Observe(member, level, true, now);
                speakers.Tick(now);
                dominant.Tick(now);
            },
            10_000);

        Assert.That(allocated, Is.Zero);
    }

    private static LoudestSpeakers Room(int slots, int members)
    {
        var speakers = new LoudestSpeakers(slots);
        for (var member = 0; member < members; member++)
            speakers.Add(member);
        return speakers;
    }

    private void Play(LoudestSpeakers speakers, long untilMs) =>
        _conversation.Play(untilMs, [.. Enumerable.Range(0, speakers.Members)], (member, level, now) =>
        {
            if (ChangeOf(speakers, () => speakers.Observe(member, level, true, now)) is { } change)
                _changes.Add((now / 1000, change));
        });

    /// <summary>Runs an action and returns the slot that it changed; null: the action reports no change.</summary>
    private static SlotChange? ChangeOf(LoudestSpeakers speakers, Func<bool> action)
    {
        var before = HoldersOf(speakers);
        if (!action())
            return null;
        var after = HoldersOf(speakers);
        var slot = Enumerable.Range(0, after.Length).Single(slot => after[slot] != before[slot]);
        return new SlotChange(slot, after[slot], before[slot]);
    }

    private static int?[] HoldersOf(LoudestSpeakers speakers) =>
        [.. Enumerable.Range(0, speakers.Slots).Select(slot => (int?)speakers.HolderOf(slot)?.Value)];

    /// <param name="Entered">The new holder; null: the slot is free.</param>
    /// <param name="Left">The previous holder; null: the slot was free.</param>
    private sealed record SlotChange(int Slot, int? Entered, int? Left);
}
