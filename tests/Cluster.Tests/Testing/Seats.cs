namespace Hype.Cluster.Tests.Testing;

/// <summary>The state that a fault must preserve: members, mutes and room. No member may have to rejoin.</summary>
internal sealed class Seats
{
    private readonly Conversation _conversation;
    private readonly ChannelState _before;
    private readonly Dictionary<Talker, uint> _connections;

    private Seats(Conversation conversation, ChannelState before)
    {
        (_conversation, _before) = (conversation, before);
        _connections = conversation.People.ToDictionary(talker => talker, talker => talker.Ear.Connection);
    }

    /// <summary>
    /// Records the state after a moderator has muted the last member, so that there is state to lose, and after half a second of audio,
    /// which is longer than the interval in which a channel stores its roster (Hype:Channels:CheckpointInterval).
    /// </summary>
    public static async Task<Seats> NoteAsync(LocalCluster cluster, Conversation conversation)
    {
        await conversation.MuteAsync(conversation.People[^1]);
        await conversation.HearEachOtherAsync(conversation.Mark());
        return new Seats(conversation, await cluster.BackOffice.GetAsync(conversation.Channel));
    }

    /// <summary>The rooms of the channel before the fault.</summary>
    public IReadOnlyList<RoomState> Rooms => _before.Rooms;

    public async Task AreKeptAsync(LocalCluster cluster)
    {
        var after = await cluster.BackOffice.GetAsync(_conversation.Channel);
        var people = _conversation.People.Select(talker => talker.Identity).ToHashSet();
        Assert.Multiple(() =>
        {
            // Others may join and leave meanwhile.
            Assert.That(after.Members.Where(member => people.Contains(member.Identity)),
                Is.EqualTo(_before.Members.Where(member => people.Contains(member.Identity))), "numbers, mutes and deaf flags");
            Assert.That(after.Mode, Is.EqualTo(_before.Mode), "the mode");
            Assert.That(_conversation.People.Where(talker => talker.Ear.LostReason is not null)
                .Select(talker => $"{talker.Identity}: {talker.Ear.LostReason}"), Is.Empty, "no session ended");
        });
    }

    /// <summary>Checks that all audio still arrives over the original connections.</summary>
    public void HaveTheirConnections() =>
        Assert.That(_conversation.People.Where(talker => talker.Ear.Connection != _connections[talker])
            .Select(talker => talker.Identity), Is.Empty, "no member had to connect again");
}
