namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A channel's state before a fault: members, mutes, mode and sessions. A test checks later that the fault has preserved it.
/// </summary>
internal sealed class PreservedState
{
    private readonly Conversation _conversation;
    private readonly ChannelState _before;
    private readonly Dictionary<Talker, uint> _connections;

    private PreservedState(Conversation conversation, ChannelState before)
    {
        (_conversation, _before) = (conversation, before);
        _connections = conversation.People.ToDictionary(talker => talker, talker => talker.Reception.Connection);
    }

    /// <summary>
    /// Records the state before a fault. A moderator first mutes the last member, because a lost mute would show a lost state; then half
    /// a second of audio passes, which is longer than the interval in which a channel stores its roster
    /// (Hype:Channels:CheckpointInterval).
    /// </summary>
    public static async Task<PreservedState> CaptureAsync(LocalCluster cluster, Conversation conversation)
    {
        await conversation.MuteAsync(conversation.People[^1]);
        await conversation.HearEachOtherAsync(conversation.Mark());
        return new PreservedState(conversation, await cluster.BackOffice.GetAsync(conversation.Channel));
    }

    /// <summary>The channel's rooms before the fault.</summary>
    public IReadOnlyList<RoomState> Rooms => _before.Rooms;

    /// <summary>Checks that the members have their numbers and mutes, that the mode is the same, and that no session has ended.</summary>
    /// <param name="mutedSince">A member that a moderator muted after the capture.</param>
    public async Task AssertUnchangedAsync(LocalCluster cluster, Talker? mutedSince = null)
    {
        var before = _before.Members.Select(member =>
            member.Identity == mutedSince?.Identity ? member with { ServerMuted = true } : member);
        var after = await cluster.BackOffice.GetAsync(_conversation.Channel);
        var people = _conversation.People.Select(talker => talker.Identity).ToHashSet();
        Assert.Multiple(() =>
        {
            // Other members may have joined or left meanwhile.
            Assert.That(after.Members.Where(member => people.Contains(member.Identity)),
                Is.EqualTo(before.Where(member => people.Contains(member.Identity))), "numbers, mutes and deafened flags");
            Assert.That(after.Mode, Is.EqualTo(_before.Mode), "the mode");
            Assert.That(_conversation.People.Where(talker => talker.Reception.LostReason is not null)
                .Select(talker => $"{talker.Identity}: {talker.Reception.LostReason}"), Is.Empty, "no session ended");
        });
    }

    /// <summary>Checks that every member still receives audio on the connection that it had before the fault.</summary>
    public void AssertSameConnections() =>
        Assert.That(_conversation.People.Where(talker => talker.Reception.Connection != _connections[talker])
            .Select(talker => talker.Identity), Is.Empty, "no member had to connect again");
}
