using Hype.MediaNode.Diagnostics;

namespace Hype.MediaNode.Tests.Workers;

public sealed class MuteTests
{
    [Test]
    public void Packets_of_a_muted_member_are_dropped_before_decryption_until_the_member_is_unmuted()
    {
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2));
        bench.Frame(1, speaker);

        bench.Worker.UpdateEndpoint(WorkerBench.Room, 2, canSpeak: false, canListen: true);
        // A packet that would fail authentication if it were decrypted.
        var spoilt = speaker.Frame(2);
        spoilt[^1] ^= 1;
        speaker.Send(spoilt);
        bench.Frame(3, speaker);
        Assert.That(bench.Drops[DropReason.Muted], Is.EqualTo(2));
        Assert.That(bench.Drops[DropReason.SrtpUnauthenticated], Is.Zero);

        bench.Worker.UpdateEndpoint(WorkerBench.Room, 2, canSpeak: true, canListen: true);
        bench.Frame(4, speaker);

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(new[] { 1, 4 }));
    }

    [Test]
    public void Unmuted_member_is_heard_after_a_mute_longer_than_the_sequence_number_space()
    {
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2));
        bench.Frame(1, speaker);
        bench.Worker.UpdateEndpoint(WorkerBench.Room, 2, canSpeak: false, canListen: true);

        // Nearly two cycles of the sequence numbers: 36 minutes of 20 ms frames.
        for (var i = 0; i < 110_000; i++)
        {
            speaker.Say(i);
            if (i % 50 != 0)
                continue;
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            speaker.Check();
            listener.Check();
            bench.Turn();
        }

        bench.Turn();
        bench.Worker.UpdateEndpoint(WorkerBench.Room, 2, canSpeak: true, canListen: true);
        bench.Frame(2, speaker);

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Deafened_member_receives_no_media_and_is_still_heard()
    {
        using var bench = new WorkerBench();
        var (listener, deaf) = (bench.Connect(1), bench.Connect(2, canListen: false));

        bench.Frame(1, listener, deaf);
        Assert.That(deaf.Heard, Is.Empty);
        Assert.That(listener.Heard, Has.Count.EqualTo(1));

        bench.Worker.UpdateEndpoint(WorkerBench.Room, 2, canSpeak: true, canListen: true);
        bench.Frame(2, listener);
        Assert.That(deaf.Heard.Single().Word, Is.EqualTo(2));
    }
}
