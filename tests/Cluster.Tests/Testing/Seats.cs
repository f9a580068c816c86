namespace Hype.Cluster.Tests.Testing;

/// <summary>What a fault must leave as it was: who sits where, who is muted, how the channel is carried; and that nobody had to come again.</summary>
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
    /// The last of the people is muted by a moderator, so that there is something to be forgotten; and half a second is heard, which is
    /// longer than a channel waits before it stores its roster (Hype:Channels:CheckpointInterval).
    /// </summary>
    public static async Task<Seats> NoteAsync(LocalCluster cluster, Conversation conversation)
    {
        await conversation.MuteAsync(conversation.People[^1]);
        await conversation.HearEachOtherAsync(conversation.Mark());
        return new Seats(conversation, await cluster.BackOffice.GetAsync(conversation.Channel));
    }

    /// <summary>Where the channel was carried.</summary>
    public IReadOnlyList<RoomState> Rooms => _before.Rooms;

    public async Task AreKeptAsync(LocalCluster cluster)
    {
        var after = await cluster.BackOffice.GetAsync(_conversation.Channel);
        var people = _conversation.People.Select(talker => talker.Identity).ToHashSet();
        Assert.Multiple(() =>
        {
            // Others may come and go meanwhile.
            Assert.That(after.Members.Where(member => people.Contains(member.Identity)), Is.EqualTo(_before.Members.Where(member => people.Contains(member.Identity))), "numbers, mutes and deaf flags");
            Assert.That(after.Mode, Is.EqualTo(_before.Mode), "the mode");
            Assert.That(_conversation.People.Where(talker => talker.Ear.LostReason is not null).Select(talker => $"{talker.Identity}: {talker.Ear.LostReason}"), Is.Empty, "nobody's session ended");
        });
    }

    /// <summary>What everyone hears still comes over the connection of before.</summary>
    public void HaveTheirConnections() =>
        Assert.That(_conversation.People.Where(talker => talker.Ear.Connection != _connections[talker]).Select(talker => talker.Identity), Is.Empty, "nobody had to connect again");
}
