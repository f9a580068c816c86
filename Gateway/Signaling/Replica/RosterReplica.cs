using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>This gateway's copy of a channel's roster. Each change has the next version; a snapshot replaces the whole copy.</summary>
internal sealed class RosterReplica
{
    private readonly SortedDictionary<MemberNumber, Participant> _participants = [];
    private RosterFrame? _frame;

    public long Version { get; private set; }

    public IReadOnlyCollection<Participant> Participants => _participants.Values;

    /// <summary>The message with the whole roster; it is the same object until the roster changes.</summary>
    public RosterFrame Frame => _frame ??= new RosterFrame(Version, [.. _participants.Values]);

    public Participant? Find(MemberNumber number) => _participants.GetValueOrDefault(number);

    public bool Contains(MemberNumber number) => _participants.ContainsKey(number);

    /// <param name="snapshot">The new state.</param>
    /// <param name="frame">The frame of the same state, if it is already known.</param>
    public void Load(ChannelSnapshot snapshot, RosterFrame? frame = null)
    {
        _participants.Clear();
        foreach (var participant in snapshot.Participants)
            _participants.Add(participant.Number, participant);
        Version = snapshot.RosterVersion;
        _frame = frame;
    }

    /// <summary>Applies a change of the roster if its version follows the copy's version.</summary>
    /// <param name="change">A change of any version; only the next one has an effect.</param>
    /// <param name="left">The participants that the change removed.</param>
    public Step Apply(RosterChanged change, out IReadOnlyList<(Participant Participant, LeaveReason Reason)> left)
    {
        left = [];
        if (change.Version <= Version)
            return Step.Known;
        if (change.Version > Version + 1)
            return Step.Gap;
        Version = change.Version;
        _frame = null;
        foreach (var participant in change.Joined.Concat(change.Changed))
            _participants[participant.Number] = participant;
        var removed = new List<(Participant, LeaveReason)>();
        foreach (var leaver in change.Left)
        {
            if (_participants.Remove(leaver.Number, out var participant))
                removed.Add((participant, leaver.Reason));
        }

        left = removed;
        return Step.Applied;
    }

    /// <summary>The result of <see cref="Apply"/>.</summary>
    public enum Step
    {
        Applied,

        /// <summary>The change is known already: the copy has its version or a newer one.</summary>
        Known,

        /// <summary>A change before this one is missing: the channel must be asked for a snapshot.</summary>
        Gap,
    }
}
