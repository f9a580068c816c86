using System.Buffers.Binary;
using Hype.LoadTest.Reporting;
using Hype.LoadTest.Statistics;
using Hype.MediaClient;

namespace Hype.LoadTest.Tests.Statistics;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EarTests
{
    private const uint Ada = 1;
    private const uint Listener = 9;
    private const long Start = 5_000_000;

    private readonly VoiceTally _tally = new(Start);
    private HeardFrames _heard = null!;
    private Ear _ear = null!;

    [SetUp]
    public void Listen()
    {
        _ear = new Ear(Listener, _tally);
        _heard = new HeardFrames(_ear);
        _ear.OnAdmitted(Listener, 6);
        _ear.OnHearing(Start);
    }

    [TearDown]
    public void Close() => _heard.Dispose();

    [Test]
    public void Sent_frames_count_as_lost_if_the_listener_does_not_receive_them()
    {
        var log = Say(Ada, 50, heard: frame => frame % 10 != 0);

        var counted = HearingCount.CountSecond(_ear, [log], 0);

        Assert.That(counted, Is.EqualTo(new HearingCount.Second(Expected: 50, Received: 45, NotSelected: 0)));
    }

    [Test]
    public void Frame_with_a_time_in_the_future_counts_as_corrupt()
    {
        _heard.Hear(Ada, 1, Start, delay: 0, change: payload => BinaryPrimitives.WriteInt64LittleEndian(payload, long.MaxValue / 2));

        Assert.That((_tally.Corrupt, _tally.Delays.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Frames_of_a_speaker_count_as_lost_if_the_listener_receives_none_of_them()
    {
        var counted = HearingCount.CountSecond(_ear, [Say(Ada, 50, heard: _ => false)], 0);

        Assert.That(counted, Is.EqualTo(new HearingCount.Second(50, 0, 0)));
    }

    [Test]
    public void Unheard_speakers_beyond_the_number_of_slots_count_as_not_selected()
    {
        _ear.OnAdmitted(Listener, 2);
        SpeechLog[] logs = [Say(1, 50, _ => true), Say(2, 50, frame => frame != 7), Say(3, 50, _ => false)];

        var counted = HearingCount.CountSecond(_ear, logs, 0);

        Assert.That(counted, Is.EqualTo(new HearingCount.Second(Expected: 100, Received: 99, NotSelected: 50)));
    }

    [Test]
    public void Unheard_speakers_count_as_lost_up_to_the_number_of_slots()
    {
        _ear.OnAdmitted(Listener, 3);
        SpeechLog[] logs = [Say(1, 50, _ => false), Say(2, 50, _ => false), Say(3, 50, _ => false), Say(4, 20, _ => false)];

        var counted = HearingCount.CountSecond(_ear, logs, 0);

        Assert.That(counted, Is.EqualTo(new HearingCount.Second(Expected: 150, Received: 0, NotSelected: 20)));
    }

    [Test]
    public void Frame_that_arrives_too_late_for_the_jitter_buffer_counts_as_late()
    {
        Hear(Ada, frame: 0, sentAt: Start, delay: 10_000);
        Hear(Ada, frame: 1, sentAt: Start + 20_000, delay: 70_000);
        Hear(Ada, frame: 2, sentAt: Start + 40_000, delay: 70_001);

        Assert.That((_tally.Received, _tally.Late.Sum()), Is.EqualTo((3, 1)));
    }

    [Test]
    public void Packet_with_an_unknown_payload_counts_as_corrupt()
    {
        Hear(Ada, 0, Start, 100, payload => payload[^1] ^= 1);

        Assert.That((_tally.Received, _tally.Corrupt), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Frames_sent_outside_the_measured_time_are_not_counted()
    {
        _ear.StopExpecting(Start + 40_000);

        Hear(Ada, 0, Start - 1, 100);
        Hear(Ada, 1, Start, 100);
        Hear(Ada, 2, Start + 40_000, 100);

        Assert.That(_tally.Received, Is.EqualTo(1));
    }

    [Test]
    public void Gap_of_a_layout_switch_is_the_longest_silence_during_the_layout_switch()
    {
        Hear(Ada, 0, Start, 100);
        Hear(Ada, 10, Start + 200_000, 100);
        _ear.OnSwitchBegins(Start + 210_000);
        Hear(Ada, 11, Start + 220_000, 100);
        Hear(Ada, 14, Start + 280_000, 100);
        _ear.OnSwitchCommitted(Start + 300_000);
        Hear(Ada, 15, Start + 300_000, 100);
        Hear(Ada, 16, Start + 4_000_000, 100); // a speaker's own pause is no silence
        Hear(Ada, 30, Start + 4_300_000, 100);
        _ear.EndSwitch();

        Assert.That(_ear.SwitchGaps, Is.EqualTo(new[] { 2 * 20_000L }));
    }

    [TestCase(0, 7, TestName = "Longest_silence_before_the_first_received_frame_is_measured")]
    [TestCase(20, 29, TestName = "Longest_silence_between_two_received_frames_is_measured")]
    [TestCase(45, 50, TestName = "Longest_silence_after_the_last_received_frame_is_measured")]
    [TestCase(0, 50, TestName = "Longest_silence_of_an_unheard_speaker_is_its_whole_speech")]
    public void Longest_silence_of_a_speaker_is_measured(int from, int until)
    {
        var log = Say(Ada, 50, heard: frame => frame < from || frame >= until);

        Assert.That(_ear.LongestSilence(log), Is.EqualTo((until - from) * 20_000L));
    }

    [Test]
    public void Pause_of_a_speaker_does_not_count_as_silence()
    {
        var log = new SpeechLog(Ada, Start);
        foreach (var at in new[] { 0, 20_000, 900_000, 920_000 })
            Hear(Ada, log.Add(Start + at), Start + at, 300);

        Assert.That(_ear.LongestSilence(log), Is.Zero);
    }

    [Test]
    public void Moves_between_nodes_are_counted_separately_for_ICE_restarts_and_new_candidates()
    {
        _ear.OnMoved(null!, MoveWay.IceRestart, Start);
        _ear.OnMoved(null!, MoveWay.Candidate, Start + 1);
        _ear.OnMoved(null!, MoveWay.Candidate, Start + 2);

        Assert.That(Enum.GetValues<MoveWay>().Select(_ear.MovesBy), Is.EqualTo(new[] { 2, 1, 0 }));
        Assert.That(_ear.Moments.Select(moment => moment.At), Is.EqualTo(new[] { Start, Start + 1, Start + 2 }));
    }

    private SpeechLog Say(uint speaker, int frames, Predicate<int> heard)
    {
        var log = new SpeechLog(speaker, Start);
        for (var i = 0; i < frames; i++)
        {
            var sentAt = Start + (i * 20_000L);
            var frame = log.Add(sentAt);
            if (heard(i))
                Hear(speaker, frame, sentAt, 300);
        }

        return log;
    }

    private void Hear(uint speaker, uint frame, long sentAt, long delay, Action<byte[]>? change = null) =>
        _heard.Hear(speaker, frame, sentAt, delay, change);
}
