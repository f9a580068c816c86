using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using static Hype.Gateway.Tests.Testing.ChannelSamples;

namespace Hype.Gateway.Tests.Signaling.Replica;

/// <summary>Tests that a replica finds the receiver of a peer signal only if both members are in a mesh of the signal's epoch.</summary>
public sealed class PeerSignalTests
{
    private static readonly MemberNumber Ada = new(1);
    private static readonly MemberNumber Bob = new(2);
    private static readonly Layout NextMesh = new(new(5), ChannelMode.P2P, ModeReason.Requested, DateTimeOffset.UnixEpoch);

    [TestCase(1, 2u, VoiceError.None, Description = "the current mesh")]
    [TestCase(5, 2u, VoiceError.None, Description = "the pending mesh")]
    [TestCase(0, 2u, VoiceError.StaleEpoch)]
    [TestCase(3, 2u, VoiceError.StaleEpoch)]
    [TestCase(int.MaxValue, 2u, VoiceError.StaleEpoch)]
    [TestCase(1, 1u, VoiceError.UnknownParticipant, Description = "oneself")]
    [TestCase(1, 9u, VoiceError.UnknownParticipant)]
    public void Signal_is_accepted_for_a_member_of_the_current_or_pending_mesh(int epoch, uint to, VoiceError error)
    {
        var replica = Replica(Mesh, NextMesh, Member(Ada), Member(Bob));
        Assert.That(replica.FindPeer(Ada, new(1), new MemberNumber(to), new(epoch)).Error, Is.EqualTo(error));
    }

    [Test]
    public void Signal_in_an_SFU_layout_is_refused()
    {
        var replica = Replica(Sfu, null, Member(Ada), Member(Bob));
        Assert.That(replica.FindPeer(Ada, new(1), Bob, Sfu.Epoch).Error, Is.EqualTo(VoiceError.StaleEpoch));
    }

    [Test]
    public void Signal_of_a_layout_before_the_join_of_one_member_is_refused()
    {
        var replica = Replica(Mesh, NextMesh, Member(Ada), Member(Bob) with { SinceEpoch = NextMesh.Epoch });
        Assert.That(replica.FindPeer(Ada, new(1), Bob, Mesh.Epoch).Error, Is.EqualTo(VoiceError.StaleEpoch));
        Assert.That(replica.FindPeer(Bob, NextMesh.Epoch, Ada, Mesh.Epoch).Error, Is.EqualTo(VoiceError.StaleEpoch));
        Assert.That(replica.FindPeer(Ada, new(1), Bob, NextMesh.Epoch).Session, Is.EqualTo(Member(Bob).Session));
    }

    [Test]
    public void Listener_and_muted_member_are_members_of_the_mesh()
    {
        var listener = Member(Ada) with { Grants = Grants.Join | Grants.Listen };
        var replica = Replica(Mesh, null, listener, Member(Bob) with { ServerMuted = true });
        Assert.That(replica.FindPeer(Ada, new(1), Bob, Mesh.Epoch).Error, Is.EqualTo(VoiceError.None));
        Assert.That(replica.FindPeer(Bob, new(1), Ada, Mesh.Epoch).Error, Is.EqualTo(VoiceError.None));
    }

    private static ChannelReplica Replica(Layout current, Layout? pending, params Participant[] members)
    {
        var replica = new ChannelReplica(Lobby);
        replica.BeginResync();
        replica.Resync(Snapshot(1, members) with { Current = current, Pending = pending });
        return replica;
    }
}
