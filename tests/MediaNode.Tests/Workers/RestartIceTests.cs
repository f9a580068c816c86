using System.Text;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>Tests the ICE restart (RFC 8445 §9), which replaces the credentials and preserves the keys.</summary>
public sealed class RestartIceTests
{
    private const string Ufrag = "restarted";
    private const string Pwd = "the+new+password+of+22+chars";

    private WorkerBench _bench = null!;

    [SetUp]
    public void Open() => _bench = new WorkerBench(portable: true);

    [TearDown]
    public void Close() => _bench.Dispose();

    [Test]
    public void ICE_checks_with_old_credentials_are_answered_until_an_ICE_check_with_new_credentials_arrives()
    {
        var (peer, speaker) = (_bench.Connect(1), _bench.Connect(2));
        Assert.That(Restart(1), Is.EqualTo(CommandResult.Done));
        var old = peer.CheckRequest();

        peer.Check();
        _bench.Turn();
        peer.UseCredentials(Ufrag, Pwd);
        peer.Check();
        _bench.Turn();
        Assert.That(peer.StunAnswers, Is.EqualTo(new[] { 0, 0, 0 }), "the first answer is from the connection");

        peer.Send(old);
        _bench.Frame(1, speaker);
        Assert.That(_bench.Drops[DropReason.StunUnknownUfrag], Is.EqualTo(1), "the old credentials are gone");
        Assert.That(peer.Heard.Single(heard => !heard.Padded).Word, Is.EqualTo(1), "media continues under the same keys");
    }

    [Test]
    public void ICE_check_with_the_new_ufrag_and_the_old_password_is_not_authenticated()
    {
        var peer = _bench.Connect(1);
        Restart(1);
        var oldPassword = peer.Pwd;
        peer.UseCredentials(Ufrag, oldPassword);

        peer.Check();
        _bench.Turn();

        Assert.That(_bench.Drops[DropReason.StunUnauthenticated], Is.EqualTo(1));
    }

    [Test]
    public void ICE_restart_can_be_repeated_and_a_later_restart_replaces_credentials_not_yet_used()
    {
        _bench.Connect(1);

        Assert.That(Restart(1), Is.EqualTo(CommandResult.Done));
        Assert.That(Restart(1), Is.EqualTo(CommandResult.Done));
        Assert.That(Restart(1, "another"), Is.EqualTo(CommandResult.Done));
        _bench.Connect(2);
        Assert.That(Restart(2, Ufrag), Is.EqualTo(CommandResult.Done), "the ufrag is free again");
        Assert.That(_bench.Worker.Counters.Endpoints, Is.EqualTo(2));
    }

    [Test]
    public void ICE_restart_with_the_ufrag_of_another_endpoint_is_refused()
    {
        _bench.Connect(1);
        var other = _bench.Connect(2);

        Assert.That(Restart(1, other.Ufrag), Is.EqualTo(CommandResult.AlreadyThere));
        Assert.That(Restart(3), Is.EqualTo(CommandResult.UnknownEndpoint));
    }

    [Test]
    public void Removal_of_an_endpoint_during_an_ICE_restart_frees_both_ufrags()
    {
        _bench.Connect(1);
        Restart(1);

        _bench.Worker.RemoveEndpoint(WorkerBench.Room, 1);

        Assert.That(_bench.Worker.Counters.Endpoints, Is.Zero);
        _bench.Connect(1);
        Assert.That(Restart(1), Is.EqualTo(CommandResult.Done));
    }

    [Test]
    public void Tickets_contain_old_and_new_credentials_during_an_ICE_restart_and_only_new_credentials_after()
    {
        var peer = _bench.Connect(1);
        Restart(1);
        using var during = WorkerBench.Read(_bench.Ticket(1));
        Assert.That(_bench.Ticket(1).IceUfrag, Is.EqualTo(Ufrag));
        Assert.That((Text(during.Ice), Text(during.NextIce!)), Is.EqualTo((peer.Ufrag, Ufrag)));

        peer.UseCredentials(Ufrag, Pwd);
        peer.Check();
        _bench.Turn();

        using var after = WorkerBench.Read(_bench.Ticket(1));
        Assert.That(Text(after.Ice), Is.EqualTo(Ufrag));
        Assert.That(after.NextIce, Is.Null);
    }

    [Test]
    public void Client_reaches_its_revived_endpoint_on_another_node_by_an_ICE_restart()
    {
        var (peer, speaker) = (_bench.Connect(1), _bench.Connect(2));
        using var next = new WorkerBench(portable: true, time: _bench.Time);
        next.Revive(1, _bench.Ticket(1));
        next.Revive(2, _bench.Ticket(2));
        next.Acknowledge();
        Assert.That(next.Worker.RestartIce(WorkerBench.Room, 1, Credential(Ufrag)), Is.EqualTo(CommandResult.Done));

        peer.UseCredentials(Ufrag, Pwd);
        peer.Follow(next.Network);
        speaker.Follow(next.Network);
        next.Turn();
        next.Frame(1, speaker);

        Assert.That(next.IsConnected(1), Is.True);
        Assert.That(peer.Heard.Single(heard => !heard.Padded).Word, Is.EqualTo(1));
    }

    private CommandResult Restart(uint number, string ufrag = Ufrag) =>
        _bench.Worker.RestartIce(WorkerBench.Room, number, Credential(ufrag));

    private static IceCredential Credential(string ufrag) => new(Encoding.ASCII.GetBytes(ufrag), Encoding.ASCII.GetBytes(Pwd));

    private static string Text(IceCredential credential) => Encoding.ASCII.GetString(credential.Ufrag);
}
