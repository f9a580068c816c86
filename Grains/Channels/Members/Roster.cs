using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Members;

/// <summary>
/// The members of a channel. Changes collect until <see cref="Flush"/> returns them as one versioned difference (diff). A receiver's
/// snapshot may be newer than the last diff, so a diff must give the same roster on any such snapshot: it contains whole participants,
/// which replace known ones, and every member that left since the last diff, even one that also joined since then.
/// </summary>
internal sealed class Roster
{
    private readonly SortedDictionary<MemberNumber, Member> _members = [];
    private readonly Dictionary<SessionId, MemberNumber> _numbers = [];
    private readonly SortedSet<MemberNumber> _joined = [];
    private readonly SortedSet<MemberNumber> _changed = [];
    private readonly List<ParticipantLeft> _left = [];

    public Roster(long version = 0, MemberNumber lastNumber = default, IEnumerable<Member>? members = null)
    {
        Version = version;
        LastNumber = lastNumber;
        foreach (var member in members ?? [])
            Put(member);
    }

    /// <summary>The number of diffs so far, which is the version of the roster.</summary>
    public long Version { get; private set; }

    /// <summary>The highest member number assigned so far; no number is assigned twice.</summary>
    public MemberNumber LastNumber { get; private set; }

    public int Count => _members.Count;

    public bool HasChanges => _joined.Count + _changed.Count + _left.Count > 0;

    /// <summary>The members in the order of their numbers, which is the order in which they joined.</summary>
    public IReadOnlyCollection<Member> Members => _members.Values;

    /// <summary>
    /// The regions of the members, ordered by their number of members, the largest first; equal ones in the order of their first members.
    /// </summary>
    public RegionId[] Regions =>
        [.. Members.GroupBy(member => member.Region).OrderByDescending(region => region.Count()).Select(region => region.Key)];

    /// <summary>The numbers of the members that are not away.</summary>
    public MemberNumber[] Connected => [.. Members.Where(member => !member.Away).Select(member => member.Number)];

    public Member? Find(SessionId session) => _numbers.TryGetValue(session, out var number) ? _members[number] : null;

    public Member? Find(MemberNumber number) => _members.GetValueOrDefault(number);

    public Member? FindIdentity(string identity) => _members.Values.FirstOrDefault(member => member.Participant.Identity == identity);

    public MemberNumber NextNumber() => LastNumber = LastNumber.Next;

    public void Add(Member member)
    {
        if (member.Number > LastNumber || _members.ContainsKey(member.Number) || _numbers.ContainsKey(member.Session))
            throw new InvalidOperationException(
                $"Number {member.Number} was not assigned by this roster, or its session is already a member.");
        Put(member);
        _joined.Add(member.Number);
    }

    /// <summary>Stores a changed member. The next diff contains it only if its public data changed.</summary>
    public void Update(Member member)
    {
        var before = _members[member.Number];
        _members[member.Number] = member;
        if (before.Participant != member.Participant && !_joined.Contains(member.Number))
            _changed.Add(member.Number);
    }

    public void Remove(Member member, LeaveReason reason)
    {
        _members.Remove(member.Number);
        _numbers.Remove(member.Session);
        _joined.Remove(member.Number);
        _changed.Remove(member.Number);
        _left.Add(new ParticipantLeft(member.Number, reason));
    }

    /// <summary>Returns the changes since the last call as the next version of the roster; null if there are none.</summary>
    public RosterChanged? Flush()
    {
        if (!HasChanges)
            return null;
        var diff = new RosterChanged(++Version, Participants(_joined), Participants(_changed), [.. _left]);
        _joined.Clear();
        _changed.Clear();
        _left.Clear();
        return diff;
    }

    private ImmutableArray<Participant> Participants(IEnumerable<MemberNumber> numbers) =>
        [.. numbers.Select(number => Find(number)!.Participant)];

    private void Put(Member member)
    {
        _members.Add(member.Number, member);
        _numbers.Add(member.Session, member.Number);
    }
}
