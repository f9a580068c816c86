using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Tests.Speakers;

/// <summary>Tests that a constant declared level holds neither a slot nor the dominance against a voice.</summary>
public sealed class LevelVariationTests
{
    private const long Frame = 20_000;
    private const long Minute = 60_000_000;

    private static readonly MemberNumber Tone = new(1);
    private static readonly MemberNumber Voice = new(2);

    private readonly Random _random = new(6464);
    private LoudestSpeakers _loudest = null!;
    private DominantSpeaker _dominant = null!;
    private long _now;

    [SetUp]
    public void Open()
    {
        (_loudest, _dominant, _now) = (new LoudestSpeakers(1), new DominantSpeaker(), 0);
        foreach (var member in new[] { Tone, Voice })
        {
            _loudest.Add(member);
            _dominant.Add(member);
        }
    }

    [Test]
    public void Constant_level_yields_slot_and_dominance_to_a_soft_voice()
    {
        Talk(Minute, tone: 0);
        Assert.That((_loudest.HolderOf(0), _dominant.Current), Is.EqualTo((Tone, Tone)));

        Talk(2_000_000, tone: 0, voice: SoftVoice);

        Assert.That((_loudest.HolderOf(0), _dominant.Current), Is.EqualTo((Voice, Voice)));
        Talk(Minute, tone: 0, voice: SoftVoice);
        Assert.That((_loudest.HolderOf(0), _dominant.Current), Is.EqualTo((Voice, Voice)), "it does not come back");
    }

    [Test]
    public void Constant_level_that_took_a_slot_in_a_pause_yields_it_to_the_first_word_of_a_voice()
    {
        Talk(Minute, tone: 0);
        for (var sentence = 0; sentence < 10; sentence++)
        {
            Talk(Frame, tone: 0, voice: SoftVoice);
            Assert.That(_loudest.HolderOf(0), Is.EqualTo(Voice));
            Talk(5_000_000, tone: 0, voice: SoftVoice);
            Talk(2_000_000, tone: 0);
            Assert.That(_loudest.HolderOf(0), Is.EqualTo(Tone));
        }
    }

    [Test]
    public void Constant_level_does_not_return_by_short_pauses()
    {
        Talk(Minute, tone: 0);
        for (var i = 0; i < 30; i++)
        {
            Talk(2_000_000, voice: SoftVoice);
            Talk(1_000_000, tone: 0, voice: SoftVoice);
            Assert.That((_loudest.HolderOf(0), _dominant.Current), Is.EqualTo((Voice, Voice)));
        }
    }

    [Test]
    public void Alternating_levels_louder_than_any_voice_yield_slot_and_dominance_to_a_soft_voice()
    {
        byte Alternating() => (byte)(_now / Frame % 2 == 0 ? 0 : 5);
        Talk(Minute, tone: Alternating);

        Talk(2_000_000, tone: Alternating, voice: SoftVoice);

        Assert.That((_loudest.HolderOf(0), _dominant.Current), Is.EqualTo((Voice, Voice)));
    }

    [Test]
    public void Client_without_audio_levels_does_not_count_as_a_constant_level()
    {
        for (var until = _now + Minute; _now < until; _now += Frame)
            _loudest.Observe(Tone, AudioLevel.Assumed, voice: true, _now, declared: false);

        Talk(2_000_000, tone: () => AudioLevel.Assumed, voice: () => AudioLevel.Assumed - 4, declared: false);

        Assert.That(_loudest.HolderOf(0), Is.EqualTo(Tone), "the other one is not louder by the margin");
    }

    [Test]
    public void Person_in_a_constant_noise_is_not_displaced_by_a_softer_voice()
    {
        // The noise alone counts as speech: a fan at −45 dBov, with the person's voice above it.
        byte InNoise() => (byte)Math.Min(LoudVoice(), 45 + _random.Next(-1, 2));
        Talk(2 * Minute, tone: InNoise);

        Talk(Minute, tone: InNoise, voice: SoftVoice);

        Assert.That((_loudest.HolderOf(0), _dominant.Current), Is.EqualTo((Tone, Tone)));
    }

    [Test]
    public void Constant_levels_among_themselves_compete_by_loudness()
    {
        Talk(Minute, tone: 30, voice: 28);
        Assert.That(_loudest.HolderOf(0), Is.EqualTo(Tone), "within the margin");

        Talk(Minute, tone: 30, voice: 20);

        Assert.That(_loudest.HolderOf(0), Is.EqualTo(Voice));
    }

    // Syllables of about 200 ms, with levels as measured at a headset.
    private byte SoftVoice() => (byte)((_now / 100_000 % 2 == 0 ? 38 : 48) + _random.Next(-3, 4));

    private byte LoudVoice() => (byte)((_now / 100_000 % 2 == 0 ? 22 : 40) + _random.Next(-3, 4));

    private void Talk(long time, byte tone) => Talk(time, () => tone);

    private void Talk(long time, byte tone, Func<byte> voice) => Talk(time, () => tone, voice);

    private void Talk(long time, byte tone, byte voice) => Talk(time, () => tone, () => voice);

    private void Talk(long time, Func<byte>? tone = null, Func<byte>? voice = null, bool declared = true)
    {
        for (var until = _now + time; _now < until; _now += Frame)
        {
            Say(Tone, tone, declared);
            Say(Voice, voice, declared: true);
        }
    }

    private void Say(MemberNumber member, Func<byte>? level, bool declared)
    {
        if (level is null)
            return;
        var minusDbov = level();
        _loudest.Observe(member, minusDbov, voice: true, _now, declared);
        _dominant.Observe(member, minusDbov, voice: true, _now, declared);
    }
}
